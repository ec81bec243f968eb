//! Every rule of drift, as a story of writes and refreshes.

use proptest::prelude::*;

use super::*;

fn connection(version: &str, updated_at: &str) -> Connection {
    Connection {
        uid: Some("uid-1".to_owned()),
        resource_version: Some(version.to_owned()),
        updated_at: Some(updated_at.to_owned()),
        phase: Some("READY".to_owned()),
        ..Connection::default()
    }
}

fn written(connection: &Connection) -> Remembered {
    let mut memory = Remembered::default();
    memory.wrote(connection, true);
    memory
}

fn changed(repairs: bool, at: &str) -> Verdict {
    Verdict::Changed { replaced: false, at: Some(at.to_owned()), repairs }
}

#[test]
fn our_own_version_is_no_drift() {
    let mut memory = written(&connection("1", "t1"));
    assert_eq!(memory.judge(&connection("1", "t1"), Policy::Repair), Verdict::Unchanged);
    assert!(!memory.is_to_repair());
}

#[test]
fn repairs_a_version_of_a_third_party() {
    let mut memory = written(&connection("1", "t1"));
    let verdict = memory.judge(&connection("2", "t2"), Policy::Repair);
    assert_eq!(verdict, changed(true, "t2"));
    assert!(memory.is_to_repair());
}

#[test]
fn reports_drift_once_and_keeps_the_repair_pending() {
    let mut memory = written(&connection("1", "t1"));
    assert_eq!(memory.judge(&connection("2", "t2"), Policy::Repair), changed(true, "t2"));
    for _ in 0..2 {
        assert_eq!(memory.judge(&connection("2", "t2"), Policy::Repair), Verdict::Unchanged);
        assert!(memory.is_to_repair());
    }
    assert_eq!(memory.judge(&connection("3", "t3"), Policy::Repair), changed(true, "t3"));
    memory.wrote(&connection("4", "t4"), true);
    assert_eq!(memory.judge(&connection("4", "t4"), Policy::Repair), Verdict::Unchanged);
    assert!(!memory.is_to_repair());
}

#[test]
fn a_repair_is_called_off_by_another_policy() {
    for policy in [Policy::Warn, Policy::Ignore] {
        let mut memory = written(&connection("1", "t1"));
        memory.judge(&connection("2", "t2"), Policy::Repair);
        assert_eq!(memory.judge(&connection("2", "t2"), policy), Verdict::Unchanged);
        assert!(!memory.is_to_repair());
    }
}

#[test]
fn under_warn_reports_once_and_repairs_nothing() {
    let mut memory = written(&connection("1", "t1"));
    assert_eq!(memory.judge(&connection("2", "t2"), Policy::Warn), changed(false, "t2"));
    assert!(!memory.is_to_repair());
    assert_eq!(memory.judge(&connection("2", "t2"), Policy::Warn), Verdict::Unchanged);
}

#[test]
fn under_ignore_reports_nothing() {
    let mut memory = written(&connection("1", "t1"));
    assert_eq!(memory.judge(&connection("2", "t2"), Policy::Ignore), Verdict::Unchanged);
    assert_eq!(memory.judge(&connection("2", "t2"), Policy::Repair), Verdict::Unchanged);
}

#[test]
fn without_credentials_of_ours_there_is_only_a_warning() {
    let mut memory = Remembered::default();
    assert_eq!(memory.judge(&connection("1", "t1"), Policy::Repair), Verdict::Unchanged);
    assert_eq!(memory.judge(&connection("2", "t2"), Policy::Repair), changed(false, "t2"));
    assert!(!memory.is_to_repair());
}

#[test]
fn a_version_that_moves_after_an_unconfirmed_write_may_be_ours() {
    let mut memory = written(&connection("1", "t1"));
    memory.may_have_written();
    assert_eq!(memory.judge(&connection("1", "t1"), Policy::Repair), Verdict::Unchanged);
    assert_eq!(memory.judge(&connection("2", "t2"), Policy::Repair), Verdict::PerhapsOurs);
    assert!(memory.is_to_repair());
    memory.wrote(&connection("3", "t3"), true);
    assert_eq!(memory.judge(&connection("3", "t3"), Policy::Repair), Verdict::Unchanged);
    assert_eq!(memory.judge(&connection("4", "t4"), Policy::Repair), changed(true, "t4"));
}

#[test]
fn reports_an_unconfirmed_write_once_where_nothing_is_repaired() {
    let mut memory = written(&connection("1", "t1"));
    memory.may_have_written();
    assert_eq!(memory.judge(&connection("2", "t2"), Policy::Warn), Verdict::PerhapsOurs);
    assert!(!memory.is_to_repair());
    assert_eq!(memory.judge(&connection("2", "t2"), Policy::Warn), Verdict::Unchanged);
    assert_eq!(memory.judge(&connection("3", "t3"), Policy::Warn), changed(false, "t3"));
}

#[test]
fn another_uid_is_another_object() {
    let mut memory = written(&connection("1", "t1"));
    let other = Connection { uid: Some("uid-2".to_owned()), ..connection("1", "t1") };
    let verdict = memory.judge(&other, Policy::Repair);
    assert!(
        matches!(verdict, Verdict::Changed { replaced: true, repairs: true, .. }),
        "{verdict:?}"
    );
}

#[test]
fn a_version_that_moves_with_the_services_own_check_is_taken_over() {
    for before in [None, Some(""), Some("PENDING"), Some("pending")] {
        let phase = before.map(str::to_owned);
        let mut memory = written(&Connection { phase, ..connection("1", "t1") });
        let verdict = memory.judge(&connection("2", "t2"), Policy::Repair);
        assert_eq!(verdict, Verdict::Unchanged, "{before:?}");
        assert_eq!(memory.judge(&connection("3", "t3"), Policy::Repair), changed(true, "t3"));
    }
}

#[test]
fn a_version_that_moves_under_our_own_time_is_taken_over() {
    let mut memory = written(&connection("1", "t1"));
    assert_eq!(memory.judge(&connection("2", "t1"), Policy::Repair), Verdict::Unchanged);
}

#[test]
fn a_version_that_moves_right_after_a_repair_ends_the_repairs() {
    let mut memory = written(&connection("1", "t1"));
    memory.judge(&connection("2", "t2"), Policy::Repair);
    memory.wrote(&connection("3", "t3"), true);
    assert_eq!(memory.judge(&connection("4", "t4"), Policy::Repair), Verdict::GaveUp);
    assert!(!memory.is_to_repair());
    assert_eq!(memory.judge(&connection("4", "t4"), Policy::Repair), Verdict::Unchanged);
    assert_eq!(memory.judge(&connection("5", "t5"), Policy::Repair), changed(false, "t5"));

    memory.wrote(&connection("6", "t6"), true);
    assert_eq!(memory.judge(&connection("7", "t7"), Policy::Repair), changed(true, "t7"));
}

#[test]
fn a_repair_that_has_held_may_be_followed_by_another() {
    let mut memory = written(&connection("1", "t1"));
    memory.judge(&connection("2", "t2"), Policy::Repair);
    memory.wrote(&connection("3", "t3"), true);
    assert_eq!(memory.judge(&connection("3", "t3"), Policy::Repair), Verdict::Unchanged);
    assert_eq!(memory.judge(&connection("4", "t4"), Policy::Repair), changed(true, "t4"));
}

#[test]
fn the_time_of_the_last_change_stands_in_for_a_version() {
    let unversioned = |at| Connection { resource_version: None, ..connection("", at) };
    let mut memory = written(&unversioned("t1"));
    assert_eq!(memory.judge(&unversioned("t1"), Policy::Repair), Verdict::Unchanged);
    assert_eq!(memory.judge(&unversioned("t2"), Policy::Repair), changed(true, "t2"));
}

#[test]
fn without_version_and_time_there_is_no_drift() {
    let bare = Connection::default();
    let mut memory = written(&bare);
    assert_eq!(memory.judge(&bare, Policy::Repair), Verdict::Unchanged);
    let other_phase = Connection { phase: Some("READY".to_owned()), ..bare };
    assert_eq!(memory.judge(&other_phase, Policy::Repair), Verdict::Unchanged);
}

proptest! {
    /// A server that moves the version after every write of ours is repaired at
    /// most once.
    #[test]
    fn repairs_come_to_an_end(rounds in 2_usize..20) {
        let mut memory = written(&connection("0", "t0"));
        let mut repairs = 0;
        for round in 0..rounds {
            let moved = connection(&format!("moved-{round}"), &format!("t{round}m"));
            memory.judge(&moved, Policy::Repair);
            if memory.is_to_repair() {
                repairs += 1;
                memory.wrote(&connection(&format!("ours-{round}"), &format!("t{round}o")), true);
            }
        }
        prop_assert!(repairs <= 1, "{repairs} repairs");
    }

    #[test]
    fn what_is_remembered_survives_its_storage(version in "[a-z0-9]{0,8}", sent: bool) {
        let mut memory = Remembered::default();
        memory.wrote(&connection(&version, "t"), sent);
        let stored = serde_json::to_vec(&memory).unwrap();
        prop_assert_eq!(serde_json::from_slice::<Remembered>(&stored).unwrap(), memory);
    }
}
