/** The owning module of each table; a test compares the list with the files of src/db/schema. */
const tablesByOwner: Readonly<Record<string, string>> = {
  canon: 'canonical_docs canonical_docs_legacy_20251220T212937Z canonical_kv canonical_registry canonical_runs',
  copilot_tooling: 'copilot_actions_log copilot_repo_map copilot_runtime_services copilot_workflows_catalog',
  core: 'forensic_ledger vx11_migration_log',
  hermes:
    'cli_onboarding_state cli_providers cli_registry engines hermes_ingest local_models_v2 model_registry models_local models_remote_cli',
  hormiguero: 'feromona_events hormiga_state incidents pheromone_log',
  inee: 'inee_agents inee_audit_events inee_colonies inee_intents inee_nonces inee_policies reward_accounts reward_events',
  madre:
    'context intents_log madre_actions madre_policies module_health module_status power_events reports scheduler_history system_events system_state tasks',
  manifestator: 'drift_reports manifestator_audit manifestator_lanes manifestator_rails',
  mcp: 'audit_logs sandbox_exec',
  operator:
    'operator_audit_runs_cache operator_browser_task operator_events operator_jobs operator_message operator_metrics operator_session operator_settings operator_switch_adjustment operator_tool_call',
  rails: 'rails_container_blueprints rails_events rails_flow_templates rails_lanes rails_map_versions',
  shub: 'shub_analysis shub_fx_chains shub_presets shub_projects shub_request_nonces shub_tracks shub_window_cache',
  spawner: 'daughter_attempts daughter_tasks daughters hijas_runtime hijas_state spawns',
  switch:
    'chat_providers_stats cli_usage_stats fluzo_signals ia_decisions model_usage_stats routing_events switch_queue_v2 task_queue tokens_usage',
  tentaculo_link: 'events',
}

const owners = new Map(
  Object.entries(tablesByOwner).flatMap(([owner, tables]) => tables.split(' ').map((table) => [table, owner] as const)),
)

/** Null for a table that is not one of VX11's 88. */
export const ownerOf = (table: string): string | null => owners.get(table) ?? null
