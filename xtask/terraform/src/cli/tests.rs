//! Which CLI is found, and what is said where there is none.

use std::fs;

use super::*;

#[test]
fn product_and_version_are_read_from_the_first_line_that_says_them() {
    let parsed =
        |line| parse(line).map(|(product, version, release)| (product, version.len(), release));
    assert_eq!(parsed("Terraform v1.11.4"), Some(("Terraform", 6, (1, 11))));
    assert_eq!(parsed("OpenTofu v1.12.0-rc1"), Some(("OpenTofu", 10, (1, 12))));
    assert_eq!(parsed("on linux_amd64"), None);
    assert_eq!(parsed("Terragrunt v0.50.0"), None);
    assert_eq!(parsed("Terraform vNext"), None);
}

#[test]
fn terraform_comes_before_tofu_wherever_they_are_on_the_path() {
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let path = std::env::join_paths(folders.iter().map(|folder| folder.path())).unwrap();
    assert_eq!(search(&path), None);
    let tofu = folders[0].path().join(platform::executable("tofu"));
    fs::write(&tofu, "").unwrap();
    assert_eq!(search(&path), Some(tofu));
    fs::create_dir(folders[1].path().join(platform::executable("terraform"))).unwrap();
    let terraform = folders[2].path().join(platform::executable("terraform"));
    fs::write(&terraform, "").unwrap();
    assert_eq!(search(&path), Some(terraform));
}

#[test]
fn a_folder_of_the_path_that_is_relative_does_not_count() {
    assert_eq!(search(OsStr::new(".")), None);
}

#[test]
fn the_environment_of_the_caller_does_not_reach_the_provider() {
    for name in ["FLINK_API_KEY", "CONFLUENT_CLOUD_API_KEY", "TF_VAR_key", "TF_CLI_ARGS_plan"] {
        assert!(interferes(name), "{name}");
    }
    for name in ["PATH", "HOME", "TF_LOG", "TF_LOG_PROVIDER"] {
        assert!(!interferes(name), "{name}");
    }
}

#[test]
fn what_to_do_by_hand_names_both_products_the_path_and_the_variable() {
    for word in ["Terraform", "OpenTofu", "PATH", VARIABLE] {
        assert!(by_hand().contains(word), "{word}");
    }
}
