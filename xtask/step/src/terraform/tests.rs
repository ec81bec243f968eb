//! The search for the CLI, its version, and the environment that it runs in.

use super::*;

#[test]
fn reads_product_and_version() {
    let parsed =
        |line| parse(line).map(|(product, version, release)| (product, version.len(), release));
    assert_eq!(parsed("Terraform v1.11.4"), Some(("Terraform", 6, (1, 11))));
    assert_eq!(parsed("OpenTofu v1.12.0-rc1"), Some(("OpenTofu", 10, (1, 12))));
    for line in ["on linux_amd64", "Terragrunt v0.50.0", "Terraform vNext"] {
        assert_eq!(parsed(line), None, "{line}");
    }
}

#[test]
fn prefers_terraform_and_ignores_relative_folders() {
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let path = env::join_paths(folders.iter().map(|folder| folder.path())).unwrap();
    assert_eq!(search(&path), None);
    assert_eq!(search(OsStr::new(".")), None);
    let tofu = folders[0].path().join(platform::executable("tofu"));
    fs::write(&tofu, "").unwrap();
    assert_eq!(search(&path), Some(tofu));
    fs::create_dir(folders[1].path().join(platform::executable("terraform"))).unwrap();
    let terraform = folders[2].path().join(platform::executable("terraform"));
    fs::write(&terraform, "").unwrap();
    assert_eq!(search(&path), Some(terraform));
}

#[test]
fn keeps_the_environment_of_the_user_from_the_provider() {
    for name in ["FLINK_API_KEY", "CONFLUENT_CLOUD_API_KEY", "TF_VAR_key", "TF_CLI_ARGS_plan"] {
        assert!(interferes(name), "{name}");
    }
    for name in ["PATH", "HOME", "TF_LOG", "TF_LOG_PROVIDER"] {
        assert!(!interferes(name), "{name}");
    }
}
