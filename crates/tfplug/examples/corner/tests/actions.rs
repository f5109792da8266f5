//! The action, without a core.

use tfplug::testing::Harness;

use crate::actions::{Change, ChangeConfig};
use crate::files::Files;
use crate::provider::{Client, Framework};

#[tokio::test]
async fn the_action_writes_the_file_unless_its_plan_fails() {
    let folder = tempfile::tempdir().unwrap();
    let tf = Harness::with_client(Framework, Client { files: Files::in_folder(folder.path()) });
    let file = folder.path().join("file");
    let change = |plan_error: Option<bool>| ChangeConfig {
        filename: file.display().to_string().into(),
        content: "new".into(),
        plan_error: plan_error.into(),
    };
    let refused = tf.invoke::<Change>("framework_modify_file_action", change(Some(true))).await.unwrap_err();
    assert_eq!(refused.iter().next().unwrap().summary(), "ModifyPlan error");
    assert!(!file.exists());
    tf.invoke::<Change>("framework_modify_file_action", change(None)).await.unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
}
