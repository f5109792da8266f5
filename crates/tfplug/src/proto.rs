//! The generated side of the wire contracts: messages, service traits and, with the feature
//! `client`, clients. `proto/` is what they are generated from.
#![allow(missing_docs, unreachable_pub, clippy::all, clippy::unwrap_used, rustdoc::all)]

/// Terraform's plugin protocol 6.
pub mod tfplugin6 {
    tonic::include_proto!("tfplugin6");
}

/// go-plugin's controller, broker and stdio services.
pub mod plugin {
    tonic::include_proto!("plugin");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use prost::Message as _;
    use prost_types::field_descriptor_proto::{Label, Type};
    use prost_types::{
        DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet,
        MethodDescriptorProto,
    };

    const TABLE: &str = include_str!("../proto/tfplugin6.tsv");
    const COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/contracts.bin"));

    fn file(package: &str) -> FileDescriptorProto {
        let all = FileDescriptorSet::decode(COMPILED).unwrap();
        all.file.into_iter().find(|file| file.package() == package).unwrap()
    }

    fn row(cells: [&str; 6]) -> String {
        cells.join("\t")
    }

    /// Renders a compiled contract the way that the table writes it.
    fn rows(file: &FileDescriptorProto) -> BTreeSet<String> {
        let mut rows = BTreeSet::new();
        let package = file.package();
        file.message_type.iter().for_each(|message| message_rows(package, message, &mut rows));
        file.enum_type.iter().for_each(|item| enum_rows(package, item, &mut rows));
        for service in &file.service {
            let name = format!("{package}.{}", service.name());
            rows.extend(service.method.iter().map(|method| rpc_row(&name, method)));
        }
        rows
    }

    fn message_rows(scope: &str, message: &DescriptorProto, rows: &mut BTreeSet<String>) {
        let name = format!("{scope}.{}", message.name());
        for nested in message.nested_type.iter().filter(|nested| !is_map_entry(nested)) {
            message_rows(&name, nested, rows);
        }
        message.enum_type.iter().for_each(|item| enum_rows(&name, item, rows));
        if message.field.is_empty() {
            rows.insert(row(["message", &name, "-", "-", "-", "no own fields"]));
        }
        rows.extend(message.field.iter().map(|field| field_row(&name, message, field)));
    }

    fn is_map_entry(message: &DescriptorProto) -> bool {
        message.options.as_ref().is_some_and(|options| options.map_entry())
    }

    fn field_row(name: &str, message: &DescriptorProto, field: &FieldDescriptorProto) -> String {
        let number = field.number().to_string();
        let entry = message
            .nested_type
            .iter()
            .filter(|nested| is_map_entry(nested))
            .find(|nested| field.type_name().ends_with(&format!(".{}", nested.name())));
        if let Some(entry) = entry {
            let types = format!("map<{}, {}>", type_of(&entry.field[0]), type_of(&entry.field[1]));
            return row(["map", name, field.name(), &number, &types, "map"]);
        }
        if let (Some(index), false) = (field.oneof_index, field.proto3_optional()) {
            let choice = format!("oneof {}", message.oneof_decl[index as usize].name());
            return row(["oneof", name, field.name(), &number, &type_of(field), &choice]);
        }
        let deprecated = field.options.as_ref().is_some_and(|options| options.deprecated());
        let label = match (field.label(), field.proto3_optional(), deprecated) {
            (Label::Repeated, ..) => "repeated",
            (_, true, _) => "optional",
            (_, _, true) => "deprecated",
            _ => "-",
        };
        row(["message", name, field.name(), &number, &type_of(field), label])
    }

    fn type_of(field: &FieldDescriptorProto) -> String {
        match field.r#type() {
            Type::Message | Type::Enum => field.type_name().trim_start_matches('.').to_owned(),
            scalar => scalar.as_str_name().trim_start_matches("TYPE_").to_lowercase(),
        }
    }

    fn enum_rows(scope: &str, item: &EnumDescriptorProto, rows: &mut BTreeSet<String>) {
        let name = format!("{scope}.{}", item.name());
        rows.extend(
            item.value.iter().map(|value| row(["enum", &name, value.name(), &value.number().to_string(), "-", "-"])),
        );
    }

    fn rpc_row(service: &str, method: &MethodDescriptorProto) -> String {
        let streaming = match (method.client_streaming(), method.server_streaming()) {
            (false, false) => "unary",
            (false, true) => "server stream",
            (true, false) => "client stream",
            (true, true) => "both stream",
        };
        let [input, output] =
            [method.input_type(), method.output_type()].map(|name| name.trim_start_matches('.').to_owned());
        row(["rpc", service, method.name(), "-", &format!("{input} -> {output}"), streaming])
    }

    /// Terraform's contract is the table's, row for row: nothing missing, renumbered or added.
    #[test]
    fn the_compiled_contract_is_the_table() {
        let table: BTreeSet<_> = TABLE.lines().skip(1).map(str::to_owned).collect();
        let compiled = rows(&file("tfplugin6"));
        let missing: Vec<_> = table.difference(&compiled).collect();
        let added: Vec<_> = compiled.difference(&table).collect();
        assert!(missing.is_empty() && added.is_empty(), "missing: {missing:#?}\nadded: {added:#?}");
        assert_eq!(table.len(), TABLE.lines().count() - 1, "the table repeats a row");
        assert_eq!(table.iter().filter(|row| row.starts_with("rpc")).count(), 36);
    }

    /// The whole of go-plugin's contract, as its hosts know it.
    #[test]
    fn go_plugins_contract_has_its_names_and_numbers() {
        let expected = "\
            enum plugin.StdioData.Channel INVALID 0 - -
            enum plugin.StdioData.Channel STDERR 2 - -
            enum plugin.StdioData.Channel STDOUT 1 - -
            message plugin.ConnInfo address 3 string -
            message plugin.ConnInfo knock 4 plugin.ConnInfo.Knock -
            message plugin.ConnInfo network 2 string -
            message plugin.ConnInfo service_id 1 uint32 -
            message plugin.ConnInfo.Knock ack 2 bool -
            message plugin.ConnInfo.Knock error 3 string -
            message plugin.ConnInfo.Knock knock 1 bool -
            message plugin.Empty - - - no own fields
            message plugin.StdioData channel 1 plugin.StdioData.Channel -
            message plugin.StdioData data 2 bytes -
            rpc plugin.GRPCBroker StartStream - plugin.ConnInfo -> plugin.ConnInfo both stream
            rpc plugin.GRPCController Shutdown - plugin.Empty -> plugin.Empty unary
            rpc plugin.GRPCStdio StreamStdio - google.protobuf.Empty -> plugin.StdioData server stream";
        let compiled: Vec<_> = rows(&file("plugin")).iter().map(|row| row.replace('\t', " ")).collect();
        let expected: Vec<_> = expected.lines().map(str::trim).collect();
        assert_eq!(compiled, expected);
    }
}
