//! The output of a core without what does not change from run to run, so that a whole demo can be read in a minute.

/// What an attribute line of a plan says when the value is Infisical's to choose.
const UNKNOWN: &str = "(known after apply)";

/// The beginnings of lines that a core prints in every plan.
const BOILERPLATE: [&str; 14] = [
    "Terraform used the selected providers",
    "OpenTofu used the selected providers",
    "plan. Resource actions are indicated",
    "following symbols:",
    "Terraform will perform the following actions:",
    "OpenTofu will perform the following actions:",
    "Saved the plan to:",
    "To perform exactly these actions",
    "terraform apply \"",
    "tofu apply \"",
    "Terraform has compared your",
    "OpenTofu has compared your",
    "and found no differences",
    "infrastructure and found no differences",
];

/// The lines of a plan or an apply that tell the story: what changes and to what, how it went, and what came out.
pub(super) fn digest(output: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let (mut left_out, mut in_destroyed, mut in_outputs) = (0, false, false);
    for line in output.lines() {
        let text = line.trim();
        // An apply prints the outputs themselves.
        in_outputs = text == "Changes to Outputs:" || (in_outputs && line.starts_with("  "));
        let is_end = text == "}" || text.starts_with("} -> null");
        if in_outputs {
            continue;
        }
        if text.starts_with("- resource") {
            in_destroyed = true;
        } else if in_destroyed {
            // Four spaces and the brace: the end of the resource, not of an object in it.
            in_destroyed = line != "    }";
        } else if line.ends_with(UNKNOWN) && text.starts_with('+') && !text.contains("->") {
            left_out += 1;
        } else if is_end && left_out > 0 && line == "    }" {
            lines.push(format!("        (and {left_out} attributes that Infisical sets)"));
            lines.push(line.to_owned());
            left_out = 0;
        } else if !is_boilerplate(text) {
            lines.push(line.to_owned());
        }
    }
    without_repeated_empty_lines(&lines)
}

fn is_boilerplate(text: &str) -> bool {
    let is_rule = !text.is_empty() && text.chars().all(|c| c == '─');
    let is_symbol = ["+ create", "~ update in-place", "- destroy"].contains(&text);
    is_rule || is_symbol || BOILERPLATE.iter().any(|start| text.starts_with(start))
}

fn without_repeated_empty_lines(lines: &[String]) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for line in lines {
        if !(line.trim().is_empty() && kept.last().is_none_or(|last| last.is_empty())) {
            kept.push(line.trim_end());
        }
    }
    kept.join("\n").trim_end().to_owned()
}

/// What `init` installed.
pub(super) fn installed(output: &str) -> String {
    output.lines().filter(|line| line.starts_with("- Installed")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_create_keeps_what_the_configuration_says() {
        let plan = "
Terraform used the selected providers to generate the following execution
plan. Resource actions are indicated with the following symbols:
  + create

Terraform will perform the following actions:

  # infisical_openrouter_rotation.app will be created
  + resource \"infisical_openrouter_rotation\" \"app\" {
      + active_index = (known after apply)
      + parameters   = {
          + limit = 12.5
        }
      + id           = (known after apply)
    }

Plan: 1 to add, 0 to change, 0 to destroy.

Changes to Outputs:
  + id = (known after apply)

─────────────

Saved the plan to: first.plan
";
        let expected = "  # infisical_openrouter_rotation.app will be created
  + resource \"infisical_openrouter_rotation\" \"app\" {
      + parameters   = {
          + limit = 12.5
        }
        (and 2 attributes that Infisical sets)
    }

Plan: 1 to add, 0 to change, 0 to destroy.";
        assert_eq!(digest(plan), expected);
    }

    #[test]
    fn a_destroy_keeps_what_happens_and_an_update_its_changes() {
        let destroy = "  # a.b will be destroyed\n  - resource \"a\" \"b\" {\n      - id = 1 -> null\n      - p = {\n        } -> null\n    }\n\nPlan: 1 to destroy.\na.b: Destroying...\n";
        assert_eq!(digest(destroy), "  # a.b will be destroyed\n\nPlan: 1 to destroy.\na.b: Destroying...");
        let update =
            "  ~ resource \"a\" \"b\" {\n      ~ limit = 1 -> 2\n      ~ updated_at = 1 -> (known after apply)\n    }";
        assert_eq!(digest(update), update);
    }

    #[test]
    fn of_an_init_only_the_provider_is_told() {
        assert_eq!(
            installed("Initializing...\n- Finding\n- Installed a v1 (unauthenticated)\n\nDone"),
            "- Installed a v1 (unauthenticated)"
        );
    }
}
