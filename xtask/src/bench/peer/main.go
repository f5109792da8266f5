// The resource infisical_openrouter_rotation, written with HashiCorp's terraform-plugin-framework, for comparison in
// `cargo xtask bench`. It has the attributes, defaults and computed values of the real one, and calls no API.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	providerschema "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func main() {
	options := providerserver.ServeOpts{Address: "terraform.local/openrouter/infisical", ProtocolVersion: 6}
	if err := providerserver.Serve(context.Background(), func() provider.Provider { return peer{} }, options); err != nil {
		log.Fatal(err)
	}
}

type peer struct{}

func (peer) Metadata(_ context.Context, _ provider.MetadataRequest, response *provider.MetadataResponse) {
	response.TypeName = "infisical"
}

func (peer) Schema(_ context.Context, _ provider.SchemaRequest, response *provider.SchemaResponse) {
	response.Schema = providerschema.Schema{Attributes: map[string]providerschema.Attribute{
		"host":         providerschema.StringAttribute{Optional: true},
		"ca_cert_file": providerschema.StringAttribute{Optional: true},
	}}
}

func (peer) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (peer) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (peer) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return rotation{} }}
}

type rotation struct{}

// The attributes of a rotation.
type model struct {
	Name                    types.String `tfsdk:"name"`
	ProjectID               types.String `tfsdk:"project_id"`
	ConnectionID            types.String `tfsdk:"connection_id"`
	Environment             types.String `tfsdk:"environment"`
	SecretPath              types.String `tfsdk:"secret_path"`
	Description             types.String `tfsdk:"description"`
	AutoRotationEnabled     types.Bool   `tfsdk:"auto_rotation_enabled"`
	RotationInterval        types.Int64  `tfsdk:"rotation_interval"`
	RotateAtUtc             types.Object `tfsdk:"rotate_at_utc"`
	Parameters              types.Object `tfsdk:"parameters"`
	SecretsMapping          types.Object `tfsdk:"secrets_mapping"`
	RotationTriggers        types.Map    `tfsdk:"rotation_triggers"`
	OnDestroy               types.Object `tfsdk:"on_destroy"`
	ID                      types.String `tfsdk:"id"`
	Type                    types.String `tfsdk:"type"`
	FolderID                types.String `tfsdk:"folder_id"`
	CreatedAt               types.String `tfsdk:"created_at"`
	ConnectionName          types.String `tfsdk:"connection_name"`
	EnvironmentID           types.String `tfsdk:"environment_id"`
	EnvironmentName         types.String `tfsdk:"environment_name"`
	ActiveIndex             types.Int64  `tfsdk:"active_index"`
	UpdatedAt               types.String `tfsdk:"updated_at"`
	RotationStatus          types.String `tfsdk:"rotation_status"`
	LastRotationAttemptedAt types.String `tfsdk:"last_rotation_attempted_at"`
	LastRotatedAt           types.String `tfsdk:"last_rotated_at"`
	LastRotationJobID       types.String `tfsdk:"last_rotation_job_id"`
	NextRotationAt          types.String `tfsdk:"next_rotation_at"`
	LastRotationMessage     types.String `tfsdk:"last_rotation_message"`
	IsLastRotationManual    types.Bool   `tfsdk:"is_last_rotation_manual"`
}

func required() schema.StringAttribute { return schema.StringAttribute{Required: true} }

func replaces() schema.StringAttribute {
	return schema.StringAttribute{
		Required:      true,
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
	}
}

func computed() schema.StringAttribute {
	return schema.StringAttribute{
		Computed:      true,
		PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

func (rotation) Metadata(_ context.Context, _ resource.MetadataRequest, response *resource.MetadataResponse) {
	response.TypeName = "infisical_openrouter_rotation"
}

func (rotation) Schema(_ context.Context, _ resource.SchemaRequest, response *resource.SchemaResponse) {
	midnight := map[string]attr.Value{"hours": types.Int64Value(0), "minutes": types.Int64Value(0)}
	times := map[string]attr.Type{"hours": types.Int64Type, "minutes": types.Int64Type}
	response.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"name":          required(),
		"project_id":    replaces(),
		"connection_id": replaces(),
		"environment":   replaces(),
		"secret_path":   replaces(),
		"description":   schema.StringAttribute{Optional: true},
		"auto_rotation_enabled": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(true),
		},
		"rotation_interval": schema.Int64Attribute{
			Optional: true, Computed: true, Default: int64default.StaticInt64(30),
		},
		"rotate_at_utc": schema.SingleNestedAttribute{
			Optional: true, Computed: true,
			Default: objectdefault.StaticValue(types.ObjectValueMust(times, midnight)),
			Attributes: map[string]schema.Attribute{
				"hours":   schema.Int64Attribute{Optional: true, Computed: true, Default: int64default.StaticInt64(0)},
				"minutes": schema.Int64Attribute{Optional: true, Computed: true, Default: int64default.StaticInt64(0)},
			},
		},
		"parameters": schema.SingleNestedAttribute{
			Required: true,
			Attributes: map[string]schema.Attribute{
				"name":  required(),
				"limit": schema.NumberAttribute{Optional: true},
				"limit_reset": schema.StringAttribute{
					Optional: true, Computed: true, Default: stringdefault.StaticString("never"),
				},
				"include_byok_in_limit": schema.BoolAttribute{
					Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				},
			},
		},
		"secrets_mapping": schema.SingleNestedAttribute{
			Required:   true,
			Attributes: map[string]schema.Attribute{"api_key": required()},
		},
		"rotation_triggers": schema.MapAttribute{Optional: true, ElementType: types.StringType},
		"on_destroy": schema.SingleNestedAttribute{
			Optional: true,
			Attributes: map[string]schema.Attribute{
				"delete_secrets":               schema.BoolAttribute{Optional: true},
				"revoke_generated_credentials": schema.BoolAttribute{Optional: true},
			},
		},
		"id": computed(), "type": computed(), "folder_id": computed(), "created_at": computed(),
		"connection_name": computed(), "environment_id": computed(), "environment_name": computed(),
		"active_index": schema.Int64Attribute{
			Computed: true, PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
		},
		"updated_at": computed(), "rotation_status": computed(), "last_rotation_attempted_at": computed(),
		"last_rotated_at": computed(), "last_rotation_job_id": computed(), "next_rotation_at": computed(),
		"last_rotation_message": computed(),
		"is_last_rotation_manual": schema.BoolAttribute{
			Computed: true, PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
	}}
}

func (rotation) Create(ctx context.Context, request resource.CreateRequest, response *resource.CreateResponse) {
	var planned model
	response.Diagnostics.Append(request.Plan.Get(ctx, &planned)...)
	if response.Diagnostics.HasError() {
		return
	}
	id, date := types.StringValue("11111111-2222-4333-8444-555555555555"), types.StringValue("2026-01-01T00:00:00.000Z")
	planned.ID, planned.FolderID, planned.EnvironmentID, planned.LastRotationJobID = id, id, id, id
	planned.Type = types.StringValue("open-router-api-key")
	planned.ConnectionName, planned.EnvironmentName = types.StringValue("openrouter"), types.StringValue("Development")
	planned.CreatedAt, planned.UpdatedAt, planned.LastRotationAttemptedAt = date, date, date
	planned.LastRotatedAt, planned.NextRotationAt = date, date
	planned.RotationStatus, planned.LastRotationMessage = types.StringValue("success"), types.StringNull()
	planned.ActiveIndex, planned.IsLastRotationManual = types.Int64Value(0), types.BoolValue(false)
	response.Diagnostics.Append(response.State.Set(ctx, &planned)...)
}

func (rotation) Read(ctx context.Context, request resource.ReadRequest, response *resource.ReadResponse) {
	var state model
	response.Diagnostics.Append(request.State.Get(ctx, &state)...)
	if !response.Diagnostics.HasError() {
		response.Diagnostics.Append(response.State.Set(ctx, &state)...)
	}
}

func (rotation) Update(ctx context.Context, request resource.UpdateRequest, response *resource.UpdateResponse) {
	var planned model
	response.Diagnostics.Append(request.Plan.Get(ctx, &planned)...)
	if !response.Diagnostics.HasError() {
		response.Diagnostics.Append(response.State.Set(ctx, &planned)...)
	}
}

func (rotation) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
