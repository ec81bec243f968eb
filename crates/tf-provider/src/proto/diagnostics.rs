//! Responses that carry diagnostics: all but those that only describe the provider.

use super::encode;
use super::generated::tfplugin5 as wire;
use crate::diagnostics::Diagnostics;

/// A response that can carry diagnostics.
pub(super) trait WithDiagnostics: Default {
    fn diagnostics_mut(&mut self) -> &mut Vec<wire::Diagnostic>;
}

/// Implements the trait for generated types, which all have a field of the same name.
macro_rules! with_diagnostics {
    ($($rpc:ident)*) => {
        $(impl WithDiagnostics for wire::$rpc::Response {
            fn diagnostics_mut(&mut self) -> &mut Vec<wire::Diagnostic> {
                &mut self.diagnostics
            }
        })*
    };
}

with_diagnostics! {
    prepare_provider_config configure validate_resource_type_config upgrade_resource_state
    upgrade_resource_identity read_resource plan_resource_change apply_resource_change
    import_resource_state move_resource_state read_data_source generate_resource_config
    validate_data_source_config validate_ephemeral_resource_config open_ephemeral_resource
    renew_ephemeral_resource close_ephemeral_resource validate_list_resource_config plan_action
    validate_action_config
}

/// A response of nothing but errors.
pub(super) fn failed<T: WithDiagnostics>(errors: Diagnostics) -> T {
    let mut response = T::default();
    *response.diagnostics_mut() = encode::diagnostics(errors);
    response
}
