//! The calls for what no provider of this framework offers yet. Terraform asks
//! most of them only of a provider whose schema names such a thing; whoever asks
//! gets an empty list or a diagnostic, never a failure of the plugin.

use super::generated::tfplugin5 as wire;
use super::told::{Told, refused};
use crate::diagnostics::Diagnostic;

/// A refusal that names what was asked for.
pub(super) fn not_offered<T: Told>(kind: &str, name: &str) -> T {
    refused(sentence(kind, name).into())
}

/// A refusal that names what was asked of a resource.
pub(super) fn not_done<T: Told>(what: &str, name: &str) -> T {
    let told = Diagnostic::error("Not supported by this provider")
        .detail(format!("This provider does not {what} `{name}`."));
    refused(told.into())
}

/// A refusal as the only event of a stream of found objects.
pub(super) fn no_list(name: &str) -> wire::list_resource::Event {
    let told: wire::validate_list_resource_config::Response = not_offered("list resource", name);
    wire::list_resource::Event { diagnostic: told.diagnostics, ..Default::default() }
}

/// A refusal as the only event of a running action. An event without a type
/// would crash Terraform.
pub(super) fn no_action(name: &str) -> wire::invoke_action::Event {
    use wire::invoke_action::event::{Completed, Type};
    let told: wire::validate_action_config::Response = not_offered("action", name);
    let completed = Completed { diagnostics: told.diagnostics };
    wire::invoke_action::Event { r#type: Some(Type::Completed(completed)) }
}

/// A refusal as a function call knows it.
pub(super) fn no_function(name: &str) -> wire::call_function::Response {
    let text = sentence("function", name).text().to_owned();
    wire::call_function::Response {
        result: None,
        error: Some(wire::FunctionError { text, function_argument: None }),
    }
}

fn sentence(kind: &str, name: &str) -> Diagnostic {
    Diagnostic::error(format!("Unknown {kind}"))
        .detail(format!("This provider has no {kind} `{name}`."))
}

/// The methods themselves, written into the one implementation of the service.
///
/// Each is spelled as `#[async_trait]` would spell it, because that attribute
/// does not look into macros.
macro_rules! calls {
    () => {
        type ListResourceStream = Only<wire::list_resource::Event>;
        type InvokeActionStream = Only<wire::invoke_action::Event>;

        unserved::calls! {
            get_resource_identity_schemas(_request) -> wire::get_resource_identity_schemas::Response {
                Default::default()
            }
            get_functions(_request) -> wire::get_functions::Response { Default::default() }
            call_function(request) -> wire::call_function::Response {
                unserved::no_function(&request.name)
            }
            list_resource(request) -> Only<wire::list_resource::Event> {
                tokio_stream::once(Ok(unserved::no_list(&request.type_name)))
            }
            invoke_action(request) -> Only<wire::invoke_action::Event> {
                tokio_stream::once(Ok(unserved::no_action(&request.action_type)))
            }
            upgrade_resource_identity(request) -> wire::upgrade_resource_identity::Response {
                unserved::not_done("keep an identity of", &request.type_name)
            }
            move_resource_state(request) -> wire::move_resource_state::Response {
                unserved::not_done("take over another resource as", &request.target_type_name)
            }
            generate_resource_config(request) -> wire::generate_resource_config::Response {
                unserved::not_done("write the configuration of", &request.type_name)
            }
            validate_ephemeral_resource_config(request)
                -> wire::validate_ephemeral_resource_config::Response {
                unserved::not_offered("ephemeral resource", &request.type_name)
            }
            open_ephemeral_resource(request) -> wire::open_ephemeral_resource::Response {
                unserved::not_offered("ephemeral resource", &request.type_name)
            }
            renew_ephemeral_resource(request) -> wire::renew_ephemeral_resource::Response {
                unserved::not_offered("ephemeral resource", &request.type_name)
            }
            close_ephemeral_resource(request) -> wire::close_ephemeral_resource::Response {
                unserved::not_offered("ephemeral resource", &request.type_name)
            }
            validate_list_resource_config(request)
                -> wire::validate_list_resource_config::Response {
                unserved::not_offered("list resource", &request.type_name)
            }
            plan_action(request) -> wire::plan_action::Response {
                unserved::not_offered("action", &request.action_type)
            }
            validate_action_config(request) -> wire::validate_action_config::Response {
                unserved::not_offered("action", &request.type_name)
            }
        }
    };
    ($($rpc:ident($request:ident) -> $response:ty $body:block)*) => {
        $(
            fn $rpc<'call, 'made>(
                &'call self,
                request: Request<wire::$rpc::Request>,
            ) -> Pin<Box<dyn Future<Output = Answer<$response>> + Send + 'made>>
            where
                'call: 'made,
                Self: 'made,
            {
                let $request = request.into_inner();
                let response: $response = $body;
                Box::pin(std::future::ready(Ok(Response::new(response))))
            }
        )*
    };
}
pub(super) use calls;
