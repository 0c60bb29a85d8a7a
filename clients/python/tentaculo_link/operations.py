"""A method for each operation of the gateway. Written by `npm run clients` from the OpenAPI document; not edited by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .calls import Calls, segment

if TYPE_CHECKING:
    from . import shapes


class Operations(Calls):
    """What stands in the path comes first, in its order; the rest is named."""

    def get_health(self) -> shapes.GetHealthAnswer:
        """Constant; touches nothing"""
        answer: shapes.GetHealthAnswer = self.request("GET", "/health")
        return answer

    def get_liveness(self) -> shapes.GetLivenessAnswer:
        """The process answers; which build it is"""
        answer: shapes.GetLivenessAnswer = self.request("GET", "/livez")
        return answer

    def get_readiness(self) -> shapes.GetReadinessAnswer:
        """What the gateway cannot do without works, and no shutdown has begun; `degraded` takes traffic"""
        answer: shapes.GetReadinessAnswer = self.request("GET", "/readyz")
        return answer

    def get_vx11_status(self) -> shapes.GetVx11StatusAnswer:
        """What is up, what sleeps and why; measured at most 5 s ago"""
        answer: shapes.GetVx11StatusAnswer = self.request("GET", "/vx11/status")
        return answer

    def get_vx11_overview(self) -> shapes.GetVx11OverviewAnswer:
        """The same reading, module by module"""
        answer: shapes.GetVx11OverviewAnswer = self.request("GET", "/vx11/overview")
        return answer

    def get_switch_status(self) -> shapes.GetSwitchStatusAnswer:
        """Whether switch answers, and whether requests are routed to it"""
        answer: shapes.GetSwitchStatusAnswer = self.request("GET", "/vx11/switch/status")
        return answer

    def get_operator_status(self) -> shapes.GetOperatorStatusAnswer:
        """The gateway, what it stores in, madre and switch; wakes nothing"""
        answer: shapes.GetOperatorStatusAnswer = self.request("GET", "/operator/status")
        return answer

    def get_snapshot(self, *, t: str | None = None) -> shapes.GetSnapshotAnswer:
        """The state of every module; `t` comes back as the timestamp"""
        answer: shapes.GetSnapshotAnswer = self.request("GET", "/operator/snapshot", query={"t": t})
        return answer

    def get_observation(self) -> shapes.GetObservationAnswer:
        """Latency of every service, the newest routing decision, and the providers"""
        answer: shapes.GetObservationAnswer = self.request("GET", "/operator/observe")
        return answer

    def get_capabilities(self) -> shapes.GetCapabilitiesAnswer:
        """What is on, what is off and by which flag, what sleeps and what wakes it"""
        answer: shapes.GetCapabilitiesAnswer = self.request("GET", "/operator/capabilities")
        return answer

    def get_operator_api_status(self, *, cache_control: str | None = None) -> shapes.GetOperatorApiStatusAnswer:
        """All that a console shows first: services, policy, window, limiter, database, features"""
        answer: shapes.GetOperatorApiStatusAnswer = self.request("GET", "/operator/api/status", headers={"Cache-Control": cache_control})
        return answer

    def list_modules(self, *, cache_control: str | None = None) -> shapes.ListModulesAnswer:
        """Every module by name, and as a list"""
        answer: shapes.ListModulesAnswer = self.request("GET", "/operator/api/modules", headers={"Cache-Control": cache_control})
        return answer

    def get_module(self, name: str, *, cache_control: str | None = None) -> shapes.GetModuleAnswer:
        """One module, by its name or its compose name"""
        answer: shapes.GetModuleAnswer = self.request("GET", f"/operator/api/modules/{segment(name)}", headers={"Cache-Control": cache_control})
        return answer

    def get_operator_api_health(self, *, cache_control: str | None = None) -> shapes.GetOperatorApiHealthAnswer:
        """Whether the core answers, as measured"""
        answer: shapes.GetOperatorApiHealthAnswer = self.request("GET", "/operator/api/health", headers={"Cache-Control": cache_control})
        return answer

    def get_topology(self, *, cache_control: str | None = None) -> shapes.GetTopologyAnswer:
        """What the gateway is connected to, from configuration and measurement"""
        answer: shapes.GetTopologyAnswer = self.request("GET", "/operator/api/topology", headers={"Cache-Control": cache_control})
        return answer

    def get_core_health(self, *, cache_control: str | None = None) -> shapes.GetCoreHealthAnswer:
        """The health of every service, for VX11’s operator backend"""
        answer: shapes.GetCoreHealthAnswer = self.request("GET", "/api/internal/core-health", headers={"Cache-Control": cache_control})
        return answer

    def get_database_summary(self, *, cache_control: str | None = None) -> shapes.GetDatabaseSummaryAnswer:
        """Rows of the tables that consoles ask for, the newest spawns and routes, size and integrity, at most 5 s old"""
        answer: shapes.GetDatabaseSummaryAnswer = self.request("GET", "/vx11/db/summary", headers={"Cache-Control": cache_control})
        return answer

    def get_circuit_breakers(self) -> shapes.GetCircuitBreakersAnswer:
        """Circuit, requests in flight and retry budget of each configured upstream"""
        answer: shapes.GetCircuitBreakersAnswer = self.request("GET", "/vx11/circuit-breaker/status")
        return answer

    def get_hermes_health(self, *, cache_control: str | None = None) -> shapes.GetHermesHealthAnswer:
        """Hermes’ health, measured at most 5 s ago"""
        answer: shapes.GetHermesHealthAnswer = self.request("GET", "/vx11/hermes/health", headers={"Cache-Control": cache_control})
        return answer

    def get_hermes_catalog(self) -> shapes.GetHermesCatalogAnswer:
        """Providers and models that hermes registered"""
        answer: shapes.GetHermesCatalogAnswer = self.request("GET", "/vx11/hermes/catalog")
        return answer

    def discover_at_hermes(self, *, body: shapes.DiscoverAtHermesBody | None = None, wake: str | None = None) -> shapes.DiscoverAtHermesAnswer:
        """Lets hermes look for tools and models; a plan unless `apply` is set"""
        answer: shapes.DiscoverAtHermesAnswer = self.request("POST", "/vx11/hermes/discover", body=body, headers={"X-VX11-Wake": wake})
        return answer

    def pull_model(self, *, body: shapes.PullModelBody, wake: str | None = None) -> shapes.PullModelAnswer:
        """Lets hermes download a model, where it may"""
        answer: shapes.PullModelAnswer = self.request("POST", "/vx11/hermes/models/pull", body=body, headers={"X-VX11-Wake": wake})
        return answer

    def send_intent(self, *, body: shapes.SendIntentBody) -> shapes.SendIntentAnswer:
        """Hands an intent to madre; 403 while a module that it requires is closed"""
        answer: shapes.SendIntentAnswer = self.request("POST", "/vx11/intent", body=body)
        return answer

    def get_result(self, id: str) -> shapes.GetResultAnswer:
        """What became of an intent, or of a spawn by its id or uuid"""
        answer: shapes.GetResultAnswer = self.request("GET", f"/vx11/result/{segment(id)}")
        return answer

    def get_agents(self, *, limit: int | None = None, cursor: str | None = None) -> shapes.GetAgentsAnswer:
        """The daughters that live now, newest first"""
        answer: shapes.GetAgentsAnswer = self.request("GET", "/vx11/agents", query={"limit": limit, "cursor": cursor})
        return answer

    def spawn(self, *, body: shapes.SpawnBody, wake: str | None = None) -> shapes.SpawnAnswer:
        """Gives the spawner a command to run"""
        answer: shapes.SpawnAnswer = self.request("POST", "/vx11/spawn", body=body, headers={"X-VX11-Wake": wake})
        return answer

    def open_core_window(self, *, body: shapes.OpenCoreWindowBody) -> shapes.OpenCoreWindowAnswer:
        """Opens madre’s power window for one service"""
        answer: shapes.OpenCoreWindowAnswer = self.request("POST", "/vx11/window/open", body=body)
        return answer

    def close_core_window(self, *, body: shapes.CloseCoreWindowBody) -> shapes.CloseCoreWindowAnswer:
        """Closes madre’s power window, with all that it holds, if it holds the target open"""
        answer: shapes.CloseCoreWindowAnswer = self.request("POST", "/vx11/window/close", body=body)
        return answer

    def get_core_window_status(self, target: str) -> shapes.GetCoreWindowStatusAnswer:
        """Madre’s power window, and whether it holds the target open"""
        answer: shapes.GetCoreWindowStatusAnswer = self.request("GET", f"/vx11/window/status/{segment(target)}")
        return answer

    def get_who_am_i(self) -> shapes.GetWhoAmIAnswer:
        """The name and the scopes of the token"""
        answer: shapes.GetWhoAmIAnswer = self.request("GET", "/operator/api/whoami")
        return answer

    def list_keys(self, *, state: str | None = None, limit: int | None = None, cursor: str | None = None) -> shapes.ListKeysAnswer:
        """The keys, newest first; of each but its beginning"""
        answer: shapes.ListKeysAnswer = self.request("GET", "/operator/api/keys", query={"state": state, "limit": limit, "cursor": cursor})
        return answer

    def create_key(self, *, body: shapes.CreateKeyBody, idempotency_key: str | None = None) -> shapes.CreateKeyAnswer:
        """Makes a key with scopes that the caller has itself, and shows it this once"""
        answer: shapes.CreateKeyAnswer = self.request("POST", "/operator/api/keys", body=body, headers={"Idempotency-Key": idempotency_key})
        return answer

    def get_key(self, id: str) -> shapes.GetKeyAnswer:
        """One key, without its secret"""
        answer: shapes.GetKeyAnswer = self.request("GET", f"/operator/api/keys/{segment(id)}")
        return answer

    def revoke_key(self, id: str) -> shapes.RevokeKeyAnswer:
        """Revokes a key: within a second no instance takes it, and its streams and sockets end"""
        answer: shapes.RevokeKeyAnswer = self.request("DELETE", f"/operator/api/keys/{segment(id)}")
        return answer

    def update_key(self, id: str, *, body: shapes.UpdateKeyBody) -> shapes.UpdateKeyAnswer:
        """Changes name, scopes, limits, end or note; null takes limits, end or note away"""
        answer: shapes.UpdateKeyAnswer = self.request("PATCH", f"/operator/api/keys/{segment(id)}", body=body)
        return answer

    def reroll_key(self, id: str, *, body: shapes.RerollKeyBody | None = None, idempotency_key: str | None = None) -> shapes.RerollKeyAnswer:
        """Gives a key a new secret; the one before is accepted for overlap_seconds more (0)"""
        answer: shapes.RerollKeyAnswer = self.request("POST", f"/operator/api/keys/{segment(id)}/reroll", body=body, headers={"Idempotency-Key": idempotency_key})
        return answer

    def reload_configuration(self) -> shapes.ReloadConfigurationAnswer:
        """Reads the configuration anew: a valid one is in force at once, of a bad one nothing is"""
        answer: shapes.ReloadConfigurationAnswer = self.request("POST", "/operator/api/config/reload")
        return answer

    def list_webhooks(self) -> shapes.ListWebhooksAnswer:
        """Where notifications go: the last delivery and error of each, its position in the stream, what waits"""
        answer: shapes.ListWebhooksAnswer = self.request("GET", "/operator/api/webhooks")
        return answer

    def test_webhook(self, name: str) -> shapes.TestWebhookAnswer:
        """Sends one test message now; a dead destination that takes it is tried again at once"""
        answer: shapes.TestWebhookAnswer = self.request("POST", f"/operator/api/webhooks/{segment(name)}/test")
        return answer

    def get_api_window_status(self, *, cache_control: str | None = None) -> shapes.GetApiWindowStatusAnswer:
        """The power window, at most 2 s old"""
        answer: shapes.GetApiWindowStatusAnswer = self.request("GET", "/operator/api/window/status", headers={"Cache-Control": cache_control})
        return answer

    def open_api_window(self, *, body: shapes.OpenApiWindowBody, wait: str | None = None, budget_seconds: int | None = None, budget_sec: int | None = None, extend: str | None = None, max_ttl_seconds: int | None = None, max_ttl_sec: int | None = None) -> shapes.OpenApiWindowAnswer:
        """Opens the power window; wait=ready answers when its services do, or 202 after budget_seconds (25); extend=true lets use renew it"""
        answer: shapes.OpenApiWindowAnswer = self.request("POST", "/operator/api/window/open", body=body, query={"wait": wait, "budget_seconds": budget_seconds, "budget_sec": budget_sec, "extend": extend, "max_ttl_seconds": max_ttl_seconds, "max_ttl_sec": max_ttl_sec})
        return answer

    def extend_api_window(self, *, body: shapes.ExtendApiWindowBody) -> shapes.ExtendApiWindowAnswer:
        """Moves the deadline of the open window to ttl_seconds from now, never back; only the embedded madre can"""
        answer: shapes.ExtendApiWindowAnswer = self.request("POST", "/operator/api/window/extend", body=body)
        return answer

    def close_api_window(self) -> shapes.CloseApiWindowAnswer:
        """Closes the power window; the body is ignored"""
        answer: shapes.CloseApiWindowAnswer = self.request("POST", "/operator/api/window/close")
        return answer

    def list_windows(self, *, cache_control: str | None = None) -> shapes.ListWindowsAnswer:
        """The power windows, one at most, and the status of the window"""
        answer: shapes.ListWindowsAnswer = self.request("GET", "/operator/api/windows", headers={"Cache-Control": cache_control})
        return answer

    def get_chat_window_status(self, *, cache_control: str | None = None) -> shapes.GetChatWindowStatusAnswer:
        """The power window, at most 2 s old"""
        answer: shapes.GetChatWindowStatusAnswer = self.request("GET", "/operator/api/chat/window/status", headers={"Cache-Control": cache_control})
        return answer

    def open_chat_window(self, *, body: shapes.OpenChatWindowBody, wait: str | None = None, budget_seconds: int | None = None, budget_sec: int | None = None, extend: str | None = None, max_ttl_seconds: int | None = None, max_ttl_sec: int | None = None) -> shapes.OpenChatWindowAnswer:
        """Opens the power window; wait=ready answers when its services do, or 202 after budget_seconds (25); extend=true lets use renew it"""
        answer: shapes.OpenChatWindowAnswer = self.request("POST", "/operator/api/chat/window/open", body=body, query={"wait": wait, "budget_seconds": budget_seconds, "budget_sec": budget_sec, "extend": extend, "max_ttl_seconds": max_ttl_seconds, "max_ttl_sec": max_ttl_sec})
        return answer

    def extend_chat_window(self, *, body: shapes.ExtendChatWindowBody) -> shapes.ExtendChatWindowAnswer:
        """Moves the deadline of the open window to ttl_seconds from now, never back; only the embedded madre can"""
        answer: shapes.ExtendChatWindowAnswer = self.request("POST", "/operator/api/chat/window/extend", body=body)
        return answer

    def close_chat_window(self) -> shapes.CloseChatWindowAnswer:
        """Closes the power window; the body is ignored"""
        answer: shapes.CloseChatWindowAnswer = self.request("POST", "/operator/api/chat/window/close")
        return answer

    def ask_chat(self, *, body: shapes.AskChatBody, deadline_ms: str | None = None, cache_control: str | None = None) -> shapes.AskChatAnswer:
        """Answers a message: by switch, by a model, by madre, or by the gateway itself; says who it was"""
        answer: shapes.AskChatAnswer = self.request("POST", "/operator/api/chat", body=body, headers={"X-VX11-Deadline-Ms": deadline_ms, "Cache-Control": cache_control})
        return answer

    def get_chat_usage(self) -> shapes.GetChatUsageAnswer:
        """What the chat used today: your tokens by model, calls and cost by provider"""
        answer: shapes.GetChatUsageAnswer = self.request("GET", "/operator/api/chat/usage")
        return answer

    def get_chat_providers(self, *, cache_control: str | None = None) -> shapes.GetChatProvidersAnswer:
        """Who may answer a chat message, in their order, and how they did"""
        answer: shapes.GetChatProvidersAnswer = self.request("GET", "/operator/api/chat/providers", headers={"Cache-Control": cache_control})
        return answer

    def list_chat_sessions(self, *, limit: int | None = None, before: int | None = None, cursor: str | None = None) -> shapes.ListChatSessionsAnswer:
        """Your conversations, the newest first"""
        answer: shapes.ListChatSessionsAnswer = self.request("GET", "/operator/api/chat/sessions", query={"limit": limit, "before": before, "cursor": cursor})
        return answer

    def get_chat_message(self, message_id: str) -> shapes.GetChatMessageAnswer:
        """The stored answer with this message_id, such as the end of a stream that was lost"""
        answer: shapes.GetChatMessageAnswer = self.request("GET", f"/operator/api/chat/messages/{segment(message_id)}")
        return answer

    def judge_chat_message(self, message_id: str, *, body: shapes.JudgeChatMessageBody) -> shapes.JudgeChatMessageAnswer:
        """Says whether an answer of yours was good, which the order of the models learns from"""
        answer: shapes.JudgeChatMessageAnswer = self.request("PUT", f"/operator/api/chat/messages/{segment(message_id)}/thumb", body=body)
        return answer

    def get_chat_rotation(self) -> shapes.GetChatRotationAnswer:
        """The order of the models of the chat, what was learned of each, and why it stands there"""
        answer: shapes.GetChatRotationAnswer = self.request("GET", "/operator/api/chat/rotation")
        return answer

    def pin_chat_model(self, *, body: shapes.PinChatModelBody) -> shapes.PinChatModelAnswer:
        """Asks this model first until it is unpinned, whatever is learned"""
        answer: shapes.PinChatModelAnswer = self.request("PUT", "/operator/api/chat/rotation/pin", body=body)
        return answer

    def unpin_chat_model(self) -> shapes.UnpinChatModelAnswer:
        """Lets the learned order hold again"""
        answer: shapes.UnpinChatModelAnswer = self.request("DELETE", "/operator/api/chat/rotation/pin")
        return answer

    def freeze_chat_order(self) -> shapes.FreezeChatOrderAnswer:
        """Keeps the order as it is; figures are still learned"""
        answer: shapes.FreezeChatOrderAnswer = self.request("PUT", "/operator/api/chat/rotation/freeze")
        return answer

    def unfreeze_chat_order(self) -> shapes.UnfreezeChatOrderAnswer:
        """Lets the order follow what is learned again"""
        answer: shapes.UnfreezeChatOrderAnswer = self.request("DELETE", "/operator/api/chat/rotation/freeze")
        return answer

    def run_chat_command(self, *, body: shapes.RunChatCommandBody) -> shapes.RunChatCommandAnswer:
        """status, open_window, close_window, spawn or message, each by the route that does it"""
        answer: shapes.RunChatCommandAnswer = self.request("POST", "/operator/api/chat/commands", body=body)
        return answer

    def assist_deepseek_r1(self, *, body: shapes.AssistDeepseekR1Body) -> shapes.AssistDeepseekR1Answer:
        """A plan, a patch, a review or a risk assessment by DeepSeek R1; ten an hour for each principal"""
        answer: shapes.AssistDeepseekR1Answer = self.request("POST", "/operator/api/assist/deepseek_r1", body=body)
        return answer

    def get_assist_status(self) -> shapes.GetAssistStatusAnswer:
        """Whether the assist route is enabled and configured, and how often it may be asked"""
        answer: shapes.GetAssistStatusAnswer = self.request("GET", "/operator/api/assist/deepseek_r1/status")
        return answer

    def send_task(self, *, body: shapes.SendTaskBody, wake: str | None = None) -> shapes.SendTaskAnswer:
        """Hands a task to switch while a power window lists it; the answer is switch’s own"""
        answer: shapes.SendTaskAnswer = self.request("POST", "/operator/task", body=body, headers={"X-VX11-Wake": wake})
        return answer

    def get_chat_session(self, session_id: str, *, limit: int | None = None, cursor: str | None = None) -> shapes.GetChatSessionAnswer:
        """One of your conversations with its latest messages"""
        answer: shapes.GetChatSessionAnswer = self.request("GET", f"/operator/session/{segment(session_id)}", query={"limit": limit, "cursor": cursor})
        return answer

    def delete_chat_session(self, session_id: str) -> shapes.DeleteChatSessionAnswer:
        """Deletes a conversation and its messages"""
        answer: shapes.DeleteChatSessionAnswer = self.request("DELETE", f"/operator/session/{segment(session_id)}")
        return answer

    def rename_chat_session(self, session_id: str, *, body: shapes.RenameChatSessionBody) -> shapes.RenameChatSessionAnswer:
        """Gives a conversation a title"""
        answer: shapes.RenameChatSessionAnswer = self.request("PATCH", f"/operator/session/{segment(session_id)}", body=body)
        return answer

    def export_chat_session(self, session_id: str, *, format: str | None = None) -> shapes.ExportChatSessionAnswer:
        """A whole conversation as a file; format=json for JSON"""
        answer: shapes.ExportChatSessionAnswer = self.request("GET", f"/operator/session/{segment(session_id)}/export", query={"format": format})
        return answer

    def ask_operator_chat(self, *, body: shapes.AskOperatorChatBody, deadline_ms: str | None = None, cache_control: str | None = None) -> shapes.AskOperatorChatAnswer:
        """Answers a message: by switch, by a model, by madre, or by the gateway itself; says who it was"""
        answer: shapes.AskOperatorChatAnswer = self.request("POST", "/operator/chat", body=body, headers={"X-VX11-Deadline-Ms": deadline_ms, "Cache-Control": cache_control})
        return answer

    def ask_operator_chat_ask(self, *, body: shapes.AskOperatorChatAskBody, deadline_ms: str | None = None, cache_control: str | None = None) -> shapes.AskOperatorChatAskAnswer:
        """Answers a message: by switch, by a model, by madre, or by the gateway itself; says who it was"""
        answer: shapes.AskOperatorChatAskAnswer = self.request("POST", "/operator/chat/ask", body=body, headers={"X-VX11-Deadline-Ms": deadline_ms, "Cache-Control": cache_control})
        return answer

    def get_power_window_status(self, *, cache_control: str | None = None) -> shapes.GetPowerWindowStatusAnswer:
        """The power window, at most 2 s old"""
        answer: shapes.GetPowerWindowStatusAnswer = self.request("GET", "/operator/power/window/status", headers={"Cache-Control": cache_control})
        return answer

    def open_power_window(self, *, body: shapes.OpenPowerWindowBody, wait: str | None = None, budget_seconds: int | None = None, budget_sec: int | None = None, extend: str | None = None, max_ttl_seconds: int | None = None, max_ttl_sec: int | None = None) -> shapes.OpenPowerWindowAnswer:
        """Opens the power window; wait=ready answers when its services do, or 202 after budget_seconds (25); extend=true lets use renew it"""
        answer: shapes.OpenPowerWindowAnswer = self.request("POST", "/operator/power/window/open", body=body, query={"wait": wait, "budget_seconds": budget_seconds, "budget_sec": budget_sec, "extend": extend, "max_ttl_seconds": max_ttl_seconds, "max_ttl_sec": max_ttl_sec})
        return answer

    def extend_power_window(self, *, body: shapes.ExtendPowerWindowBody) -> shapes.ExtendPowerWindowAnswer:
        """Moves the deadline of the open window to ttl_seconds from now, never back; only the embedded madre can"""
        answer: shapes.ExtendPowerWindowAnswer = self.request("POST", "/operator/power/window/extend", body=body)
        return answer

    def close_power_window(self) -> shapes.ClosePowerWindowAnswer:
        """Closes the power window; the body is ignored"""
        answer: shapes.ClosePowerWindowAnswer = self.request("POST", "/operator/power/window/close")
        return answer

    def get_power_state(self) -> shapes.GetPowerStateAnswer:
        """Madre’s power state, at most 2 s old"""
        answer: shapes.GetPowerStateAnswer = self.request("GET", "/operator/power/state")
        return answer

    def get_power_status(self) -> shapes.GetPowerStatusAnswer:
        """What docker says of the services"""
        answer: shapes.GetPowerStatusAnswer = self.request("GET", "/operator/power/status")
        return answer

    def get_power_token(self) -> shapes.GetPowerTokenAnswer:
        """A power token of madre’s for the next minute"""
        answer: shapes.GetPowerTokenAnswer = self.request("GET", "/operator/power/token")
        return answer

    def get_solo_madre_status(self) -> shapes.GetSoloMadreStatusAnswer:
        """Whether madre finds itself alone"""
        answer: shapes.GetSoloMadreStatusAnswer = self.request("GET", "/operator/power/policy/solo_madre/status")
        return answer

    def apply_solo_madre(self) -> shapes.ApplySoloMadreAnswer:
        """Puts solo_madre in force; 202 when madre takes longer than a second"""
        answer: shapes.ApplySoloMadreAnswer = self.request("POST", "/operator/power/policy/solo_madre/apply")
        return answer

    def start_service(self, name: str, *, body: shapes.StartServiceBody | None = None, power_key: str | None = None, power_token: str | None = None) -> shapes.StartServiceAnswer:
        """What madre would run to start a service; with apply, the confirmation and both power headers it does"""
        answer: shapes.StartServiceAnswer = self.request("POST", f"/operator/power/service/{segment(name)}/start", body=body, headers={"X-VX11-Power-Key": power_key, "X-VX11-Power-Token": power_token})
        return answer

    def stop_service(self, name: str, *, body: shapes.StopServiceBody | None = None, power_key: str | None = None, power_token: str | None = None) -> shapes.StopServiceAnswer:
        """What madre would run to stop a service; with apply, the confirmation and both power headers it does"""
        answer: shapes.StopServiceAnswer = self.request("POST", f"/operator/power/service/{segment(name)}/stop", body=body, headers={"X-VX11-Power-Key": power_key, "X-VX11-Power-Token": power_token})
        return answer

    def restart_service(self, name: str, *, body: shapes.RestartServiceBody | None = None, power_key: str | None = None, power_token: str | None = None) -> shapes.RestartServiceAnswer:
        """What madre would run to restart a service; with apply, the confirmation and both power headers it does"""
        answer: shapes.RestartServiceAnswer = self.request("POST", f"/operator/power/service/{segment(name)}/restart", body=body, headers={"X-VX11-Power-Key": power_key, "X-VX11-Power-Token": power_token})
        return answer

    def get_backups(self) -> shapes.GetBackupsAnswer:
        """The copies of the database that are there now, with their sizes"""
        answer: shapes.GetBackupsAnswer = self.request("GET", "/operator/api/maintenance/backups")
        return answer

    def get_maintenance(self) -> shapes.GetMaintenanceAnswer:
        """The run under way, on whatever instance, and what the last one found"""
        answer: shapes.GetMaintenanceAnswer = self.request("GET", "/operator/api/maintenance")
        return answer

    def start_maintenance(self, *, body: shapes.StartMaintenanceBody | None = None) -> shapes.StartMaintenanceAnswer:
        """Starts a run; the status shows its progress"""
        answer: shapes.StartMaintenanceAnswer = self.request("POST", "/operator/api/maintenance", body=body)
        return answer

    def get_runtime_truth(self, *, format: str | None = None) -> shapes.GetRuntimeTruthAnswer:
        """The ten services as last probed, at most 150 s ago; format=md gives the report that VX11's tools read"""
        answer: shapes.GetRuntimeTruthAnswer = self.request("GET", "/operator/api/truth", query={"format": format})
        return answer

    def get_service_truth(self, service: str) -> shapes.GetServiceTruthAnswer:
        """One service with its changes and its looks of the last two hours"""
        answer: shapes.GetServiceTruthAnswer = self.request("GET", f"/operator/api/truth/{segment(service)}")
        return answer

    def get_forecasts(self) -> shapes.GetForecastsAnswer:
        """When disk, write-ahead log, event queue and token budget will be used up, or why nobody can say"""
        answer: shapes.GetForecastsAnswer = self.request("GET", "/operator/api/forecasts")
        return answer

    def get_gates(self, *, fresh: str | None = None) -> shapes.GetGatesAnswer:
        """The nine production gates, at most five minutes old; fresh=true runs them now"""
        answer: shapes.GetGatesAnswer = self.request("GET", "/operator/api/gates", query={"fresh": fresh})
        return answer

    def get_drift(self, *, format: str | None = None) -> shapes.GetDriftAnswer:
        """How far VX11 is from its canon, as of the last audit; format=md gives the report"""
        answer: shapes.GetDriftAnswer = self.request("GET", "/operator/api/drift", query={"format": format})
        return answer

    def audit_drift(self) -> shapes.AuditDriftAnswer:
        """Audits VX11 against its canon now, and stores what changed"""
        answer: shapes.AuditDriftAnswer = self.request("POST", "/operator/api/drift")
        return answer

    def get_scorecard(self) -> shapes.GetScorecardAnswer:
        """Percentages of named checks, the figures of the database, services and gates"""
        answer: shapes.GetScorecardAnswer = self.request("GET", "/operator/api/scorecard")
        return answer

    def get_spawner_status(self, *, cache_control: str | None = None) -> shapes.GetSpawnerStatusAnswer:
        """The spawner’s health, its runs by status, and whether it may be used"""
        answer: shapes.GetSpawnerStatusAnswer = self.request("GET", "/operator/api/spawner/status", headers={"Cache-Control": cache_control})
        return answer

    def get_spawner_runs(self, *, limit: int | None = None, offset: int | None = None, cursor: str | None = None) -> shapes.GetSpawnerRunsAnswer:
        """Runs, newest first"""
        answer: shapes.GetSpawnerRunsAnswer = self.request("GET", "/operator/api/spawner/runs", query={"limit": limit, "offset": offset, "cursor": cursor})
        return answer

    def submit_spawn(self, *, body: shapes.SubmitSpawnBody, wake: str | None = None) -> shapes.SubmitSpawnAnswer:
        """Tells madre of a command and gives it to the spawner"""
        answer: shapes.SubmitSpawnAnswer = self.request("POST", "/operator/api/spawner/submit", body=body, headers={"X-VX11-Wake": wake})
        return answer

    def get_operator_hormiguero_status(self, *, cache_control: str | None = None, wake: str | None = None) -> shapes.GetOperatorHormigueroStatusAnswer:
        """Hormiguero’s own status"""
        answer: shapes.GetOperatorHormigueroStatusAnswer = self.request("GET", "/operator/api/hormiguero/status", headers={"Cache-Control": cache_control, "X-VX11-Wake": wake})
        return answer

    def get_operator_hormiguero_incidents(self, *, status: str | None = None, limit: int | None = None, cursor: str | None = None, cache_control: str | None = None, wake: str | None = None) -> shapes.GetOperatorHormigueroIncidentsAnswer:
        """The newest incidents that hormiguero knows, 200 at most"""
        answer: shapes.GetOperatorHormigueroIncidentsAnswer = self.request("GET", "/operator/api/hormiguero/incidents", query={"status": status, "limit": limit, "cursor": cursor}, headers={"Cache-Control": cache_control, "X-VX11-Wake": wake})
        return answer

    def scan_once(self, *, wake: str | None = None) -> shapes.ScanOnceAnswer:
        """One scan by hormiguero; the answer is its result"""
        answer: shapes.ScanOnceAnswer = self.request("POST", "/operator/api/hormiguero/scan/once", headers={"X-VX11-Wake": wake})
        return answer

    def get_inee_status(self, *, cache_control: str | None = None, wake: str | None = None) -> shapes.GetIneeStatusAnswer:
        """Whether INEE is on, as hormiguero reports it"""
        answer: shapes.GetIneeStatusAnswer = self.request("GET", "/operator/inee/status", headers={"Cache-Control": cache_control, "X-VX11-Wake": wake})
        return answer

    def build_patchset(self, *, body: shapes.BuildPatchsetBody, wake: str | None = None) -> shapes.BuildPatchsetAnswer:
        """Hands a builder’s specification to hormiguero"""
        answer: shapes.BuildPatchsetAnswer = self.request("POST", "/operator/inee/builder/patchset", body=body, headers={"X-VX11-Wake": wake})
        return answer

    def register_colony(self, *, body: shapes.RegisterColonyBody, wake: str | None = None) -> shapes.RegisterColonyAnswer:
        """Registers a remote colony"""
        answer: shapes.RegisterColonyAnswer = self.request("POST", "/operator/inee/colony/register", body=body, headers={"X-VX11-Wake": wake})
        return answer

    def seal_envelope(self, *, body: shapes.SealEnvelopeBody, wake: str | None = None) -> shapes.SealEnvelopeAnswer:
        """Seals a payload for a colony, `colony_id`"""
        answer: shapes.SealEnvelopeAnswer = self.request("POST", "/operator/inee/colony/envelope", body=body, headers={"X-VX11-Wake": wake})
        return answer

    def list_acts(self, *, principal: str | None = None, act: str | None = None, target: str | None = None, outcome: str | None = None, address: str | None = None, correlation_id: str | None = None, since: str | None = None, until: str | None = None, limit: int | None = None, cursor: str | None = None) -> shapes.ListActsAnswer:
        """Administrative acts, newest first: who, what, on what, before, after, and what came of it"""
        answer: shapes.ListActsAnswer = self.request("GET", "/operator/api/audit/acts", query={"principal": principal, "act": act, "target": target, "outcome": outcome, "address": address, "correlation_id": correlation_id, "since": since, "until": until, "limit": limit, "cursor": cursor})
        return answer

    def get_audits(self, *, status: str | None = None, limit: int | None = None, offset: int | None = None, cursor: str | None = None) -> shapes.GetAuditsAnswer:
        """Audit runs, newest first"""
        answer: shapes.GetAuditsAnswer = self.request("GET", "/operator/api/audit", query={"status": status, "limit": limit, "offset": offset, "cursor": cursor})
        return answer

    def get_audit_runs(self, *, status: str | None = None, limit: int | None = None, offset: int | None = None, cursor: str | None = None) -> shapes.GetAuditRunsAnswer:
        """The same list, by its other name"""
        answer: shapes.GetAuditRunsAnswer = self.request("GET", "/operator/api/audit/runs", query={"status": status, "limit": limit, "offset": offset, "cursor": cursor})
        return answer

    def get_audit(self, id: str) -> shapes.GetAuditAnswer:
        """One audit run with its findings and the paths of its evidence"""
        answer: shapes.GetAuditAnswer = self.request("GET", f"/operator/api/audit/{segment(id)}")
        return answer

    def download_audit(self, id: str) -> shapes.DownloadAuditAnswer:
        """The run as a ZIP with its evidence; manifest.json says what became of each path"""
        answer: shapes.DownloadAuditAnswer = self.request("GET", f"/operator/api/audit/{segment(id)}/download")
        return answer

    def get_rails(self, *, limit: int | None = None, cursor: str | None = None) -> shapes.GetRailsAnswer:
        """The rules in force"""
        answer: shapes.GetRailsAnswer = self.request("GET", "/operator/api/rails", query={"limit": limit, "cursor": cursor})
        return answer

    def get_lanes(self, *, limit: int | None = None, cursor: str | None = None) -> shapes.GetLanesAnswer:
        """The lanes and their checks"""
        answer: shapes.GetLanesAnswer = self.request("GET", "/operator/api/rails/lanes", query={"limit": limit, "cursor": cursor})
        return answer

    def get_lane_status(self, lane: str) -> shapes.GetLaneStatusAnswer:
        """One lane, with the newest audits that name it"""
        answer: shapes.GetLaneStatusAnswer = self.request("GET", f"/operator/api/rails/{segment(lane)}/status")
        return answer

    def get_settings(self) -> shapes.GetSettingsAnswer:
        """All settings, each with the type that it was stored with"""
        answer: shapes.GetSettingsAnswer = self.request("GET", "/operator/api/settings")
        return answer

    def write_settings(self, *, body: shapes.WriteSettingsBody) -> shapes.WriteSettingsAnswer:
        """Stores each member of the body as a setting; all of them, or none"""
        answer: shapes.WriteSettingsAnswer = self.request("POST", "/operator/api/settings", body=body)
        return answer

    def get_settings_history(self, *, key: str | None = None, before: int | None = None, cursor: str | None = None, limit: int | None = None) -> shapes.GetSettingsHistoryAnswer:
        """Who changed what, newest first"""
        answer: shapes.GetSettingsHistoryAnswer = self.request("GET", "/operator/api/settings/history", query={"key": key, "before": before, "cursor": cursor, "limit": limit})
        return answer

    def remove_setting(self, key: str) -> shapes.RemoveSettingAnswer:
        """Removes a setting"""
        answer: shapes.RemoveSettingAnswer = self.request("DELETE", f"/operator/api/settings/{segment(key)}")
        return answer

    def get_metric_buckets(self, *, period: str | None = None) -> shapes.GetMetricBucketsAnswer:
        """All series of `period`, up to 31 days, in at most 372 buckets each; oldest first"""
        answer: shapes.GetMetricBucketsAnswer = self.request("GET", "/operator/api/metrics/buckets", query={"period": period})
        return answer

    def get_metric_series(self, *, name: str | None = None, module: str | None = None, window_seconds: int | None = None, period: str | None = None, limit: int | None = None, cursor: str | None = None) -> shapes.GetMetricSeriesAnswer:
        """Measurements of the last hour, or of `period`, with their percentiles; newest first"""
        answer: shapes.GetMetricSeriesAnswer = self.request("GET", "/operator/api/metrics", query={"name": name, "module": module, "window_seconds": window_seconds, "period": period, "limit": limit, "cursor": cursor})
        return answer

    def list_events(self, *, type: str | None = None, severity: str | None = None, module: str | None = None, correlation_id: str | None = None, limit: int | None = None, offset: int | None = None, hours_back: int | None = None, before: int | None = None, cursor: str | None = None) -> shapes.ListEventsAnswer:
        """The newest events first; with follow=true or Accept: text/event-stream the live stream"""
        answer: shapes.ListEventsAnswer = self.request("GET", "/operator/api/events", query={"type": type, "severity": severity, "module": module, "correlation_id": correlation_id, "limit": limit, "offset": offset, "hours_back": hours_back, "before": before, "cursor": cursor})
        return answer

    def create_sse_ticket(self) -> shapes.CreateSseTicketAnswer:
        """A ticket that opens the stream within 60 seconds, for clients that cannot send headers"""
        answer: shapes.CreateSseTicketAnswer = self.request("POST", "/operator/api/events/sse-token")
        return answer

    def verify_ledger(self, *, from_: int | None = None, to: int | None = None, limit: int | None = None, cursor: str | None = None) -> shapes.VerifyLedgerAnswer:
        """Recomputes the hash chain of a range, at most 5000 rows at a time, and names the first broken link"""
        answer: shapes.VerifyLedgerAnswer = self.request("GET", "/operator/api/ledger/verify", query={"from": from_, "to": to, "limit": limit, "cursor": cursor})
        return answer

    def ingest_event(self, *, body: shapes.IngestEventBody, idempotency_key: str | None = None) -> shapes.IngestEventAnswer:
        """Stores one event; Idempotency-Key keeps a repeated request from storing it twice"""
        answer: shapes.IngestEventAnswer = self.request("POST", "/events/ingest", body=body, headers={"Idempotency-Key": idempotency_key})
        return answer

    def ingest_events(self, *, body: shapes.IngestEventsBody, idempotency_key: str | None = None) -> shapes.IngestEventsAnswer:
        """Stores up to 1000 events, a JSON list or one per line; each has its own result"""
        answer: shapes.IngestEventsAnswer = self.request("POST", "/events/ingest/batch", body=body, headers={"Idempotency-Key": idempotency_key})
        return answer

    def create_socket_ticket(self) -> shapes.CreateSocketTicketAnswer:
        """A ticket that opens /ws within 60 seconds, for clients that cannot send headers"""
        answer: shapes.CreateSocketTicketAnswer = self.request("POST", "/operator/api/events/ws-token")
        return answer

    def get_correlation_timeline(self, id: str) -> shapes.GetCorrelationTimelineAnswer:
        """The timeline of one correlation id: events, chat, routing, proxied requests and power windows"""
        answer: shapes.GetCorrelationTimelineAnswer = self.request("GET", f"/operator/api/events/correlations/{segment(id)}")
        return answer

    def list_correlations(self, *, show: str | None = None, limit: int | None = None, cursor: str | None = None) -> shapes.ListCorrelationsAnswer:
        """Correlations by their newest record: recent ones, or those that failed or were slow"""
        answer: shapes.ListCorrelationsAnswer = self.request("GET", "/operator/api/correlations", query={"show": show, "limit": limit, "cursor": cursor})
        return answer

    def get_correlation(self, id: str) -> shapes.GetCorrelationAnswer:
        """One correlation as a tree with start, duration and outcome of each node, and why it went so"""
        answer: shapes.GetCorrelationAnswer = self.request("GET", f"/operator/api/correlations/{segment(id)}")
        return answer

    def get_event_cardinality(self) -> shapes.GetEventCardinalityAnswer:
        """Events of the last 60 s by type, over all instances"""
        answer: shapes.GetEventCardinalityAnswer = self.request("GET", "/debug/events/cardinality")
        return answer

    def get_event_correlations(self) -> shapes.GetEventCorrelationsAnswer:
        """The graph of related events of the last 300 s"""
        answer: shapes.GetEventCorrelationsAnswer = self.request("GET", "/debug/events/correlations")
        return answer

    def get_metrics(self) -> shapes.GetMetricsAnswer:
        """Prometheus text format"""
        answer: shapes.GetMetricsAnswer = self.request("GET", "/metrics")
        return answer

    def get_resources(self, *, cache_control: str | None = None, wake: str | None = None) -> shapes.GetResourcesAnswer:
        """Command-line tools and models, as hermes reports them"""
        answer: shapes.GetResourcesAnswer = self.request("GET", "/resources", headers={"Cache-Control": cache_control, "X-VX11-Wake": wake})
        return answer

    def get_engine(self, *, body: shapes.GetEngineBody, wake: str | None = None) -> shapes.GetEngineAnswer:
        """An engine by its id, as hermes answers"""
        answer: shapes.GetEngineAnswer = self.request("POST", "/hermes/get-engine", body=body, headers={"X-VX11-Wake": wake})
        return answer

    def execute_at_hermes(self, *, body: shapes.ExecuteAtHermesBody, wake: str | None = None) -> shapes.ExecuteAtHermesAnswer:
        """Hands a prompt or a command to hermes"""
        answer: shapes.ExecuteAtHermesAnswer = self.request("POST", "/hermes/execute", body=body, headers={"X-VX11-Wake": wake})
        return answer

    def get_hormiguero_status(self, *, cache_control: str | None = None, wake: str | None = None) -> shapes.GetHormigueroStatusAnswer:
        """Hormiguero’s own status"""
        answer: shapes.GetHormigueroStatusAnswer = self.request("GET", "/hormiguero/status", headers={"Cache-Control": cache_control, "X-VX11-Wake": wake})
        return answer

    def get_queen_status(self, *, cache_control: str | None = None, wake: str | None = None) -> shapes.GetQueenStatusAnswer:
        """Hormiguero’s own status"""
        answer: shapes.GetQueenStatusAnswer = self.request("GET", "/hormiguero/queen/status", headers={"Cache-Control": cache_control, "X-VX11-Wake": wake})
        return answer

    def get_hormiguero_incidents(self, *, status: str | None = None, limit: int | None = None, cursor: str | None = None, cache_control: str | None = None, wake: str | None = None) -> shapes.GetHormigueroIncidentsAnswer:
        """The newest incidents that hormiguero knows, 200 at most"""
        answer: shapes.GetHormigueroIncidentsAnswer = self.request("GET", "/hormiguero/incidents", query={"status": status, "limit": limit, "cursor": cursor}, headers={"Cache-Control": cache_control, "X-VX11-Wake": wake})
        return answer

    def get_hormiguero_report(self, *, status: str | None = None, limit: int | None = None, cursor: str | None = None, cache_control: str | None = None, wake: str | None = None) -> shapes.GetHormigueroReportAnswer:
        """The newest incidents that hormiguero knows, 200 at most"""
        answer: shapes.GetHormigueroReportAnswer = self.request("GET", "/hormiguero/report", query={"status": status, "limit": limit, "cursor": cursor}, headers={"Cache-Control": cache_control, "X-VX11-Wake": wake})
        return answer

    def login(self, *, body: shapes.LoginBody) -> shapes.LoginAnswer:
        """A login at the operator backend, where there is one that takes it"""
        answer: shapes.LoginAnswer = self.request("POST", "/auth/login", body=body)
        return answer

    def logout(self) -> shapes.LogoutAnswer:
        """Ends a login at the operator backend"""
        answer: shapes.LogoutAnswer = self.request("POST", "/auth/logout")
        return answer

    def get_shub_health(self) -> shapes.GetShubHealthAnswer:
        """Shub’s health, at most 60 s old; X-Cache and Age say how old"""
        answer: shapes.GetShubHealthAnswer = self.request("GET", "/shub/health")
        return answer

    def get_shub_readiness(self) -> shapes.GetShubReadinessAnswer:
        """Shub’s readiness as it reports it, at most 60 s old"""
        answer: shapes.GetShubReadinessAnswer = self.request("GET", "/shub/ready")
        return answer

    def get_shub_open_api(self) -> shapes.GetShubOpenApiAnswer:
        """Shub’s own interface, at most 300 s old"""
        answer: shapes.GetShubOpenApiAnswer = self.request("GET", "/shub/openapi.json")
        return answer

    def get_shub_dashboard(self) -> shapes.GetShubDashboardAnswer:
        """Shub’s health, readiness and status in one, each with the reason why it is missing"""
        answer: shapes.GetShubDashboardAnswer = self.request("GET", "/shub/dashboard")
        return answer

    def clear_shub_cache(self) -> shapes.ClearShubCacheAnswer:
        """Forgets what is cached of shub"""
        answer: shapes.ClearShubCacheAnswer = self.request("POST", "/shub/cache/clear")
        return answer

    def get_shub_rate_limit(self) -> shapes.GetShubRateLimitAnswer:
        """What is left of the caller’s allowance"""
        answer: shapes.GetShubRateLimitAnswer = self.request("GET", "/shub/rate-limit/status")
        return answer

    def get_open_api(self) -> shapes.GetOpenApiAnswer:
        """This interface as an OpenAPI 3.1 document"""
        answer: shapes.GetOpenApiAnswer = self.request("GET", "/openapi.json")
        return answer
