CREATE TABLE `canonical_docs` (
	`doc_type` text PRIMARY KEY,
	`version` text,
	`sha256` text,
	`content_json` text,
	`source_path` text,
	`created_at_utc` text,
	`git_head` text
);
--> statement-breakpoint
CREATE TABLE `canonical_docs_legacy_20251220T212937Z` (
	`canonical_version` text,
	`doc_path` text,
	`sha256` text,
	`size_bytes` integer,
	`created_at_utc` text,
	`doc_type` text,
	`version` text,
	`json` text,
	`source_path` text,
	`content_json` text,
	`git_head` text,
	PRIMARY KEY(`canonical_version`, `doc_path`)
);
--> statement-breakpoint
CREATE TABLE `canonical_kv` (
	`key` text PRIMARY KEY,
	`value` text,
	`updated_at_utc` text
);
--> statement-breakpoint
CREATE TABLE `canonical_registry` (
	`canonical_version` text PRIMARY KEY,
	`git_commit` text,
	`git_branch` text,
	`master_path` text,
	`master_sha256` text,
	`created_at_utc` text
);
--> statement-breakpoint
CREATE TABLE `canonical_runs` (
	`run_id` text PRIMARY KEY,
	`canonical_version` text,
	`outdir` text,
	`started_at_utc` text,
	`ended_at_utc` text,
	`coverage_pct` real,
	`global_parcial_pct` real,
	`global_ponderado_pct` real,
	`metrics_json` text,
	`git_head` text,
	`results_json` text,
	`finished_at_utc` text,
	`percentages_json` text
);
--> statement-breakpoint
CREATE TABLE `copilot_actions_log` (
	`id` integer PRIMARY KEY AUTOINCREMENT,
	`session_id` text,
	`timestamp` TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
	`action` text,
	`mode` text,
	`files_touched` integer DEFAULT 0,
	`git_commit` text,
	`status` text,
	`notes` text,
	`action_type` text DEFAULT 'generic'
);
--> statement-breakpoint
CREATE TABLE `copilot_repo_map` (
	`id` integer PRIMARY KEY AUTOINCREMENT,
	`path` text,
	`file_hash` text,
	`file_type` text,
	`status` text DEFAULT 'tracked',
	`created_at` TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
	`updated_at` TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
	`content` text,
	`meta_json` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `copilot_repo_map_path_unique` ON `copilot_repo_map` (`path`);--> statement-breakpoint
CREATE TABLE `copilot_runtime_services` (
	`id` integer PRIMARY KEY AUTOINCREMENT,
	`service_name` text,
	`host` text DEFAULT 'localhost',
	`port` integer,
	`health_url` text,
	`status` text DEFAULT 'unknown',
	`last_check` TIMESTAMP,
	`created_at` TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
	`http_code` integer,
	`latency_ms` integer,
	`endpoint_ok` text,
	`snippet` text,
	`checked_at` TIMESTAMP
);
--> statement-breakpoint
CREATE UNIQUE INDEX `copilot_runtime_services_service_name_unique` ON `copilot_runtime_services` (`service_name`);--> statement-breakpoint
CREATE TABLE `copilot_workflows_catalog` (
	`id` integer PRIMARY KEY AUTOINCREMENT,
	`workflow_file` text,
	`workflow_name` text,
	`triggers` text,
	`jobs` text,
	`created_at` TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
--> statement-breakpoint
CREATE UNIQUE INDEX `copilot_workflows_catalog_workflow_file_unique` ON `copilot_workflows_catalog` (`workflow_file`);--> statement-breakpoint
CREATE TABLE `forensic_ledger` (
	`id` integer PRIMARY KEY NOT NULL,
	`event` VARCHAR(255) NOT NULL,
	`payload` text,
	`hash` VARCHAR(64) NOT NULL,
	`created_at` DATETIME
);
--> statement-breakpoint
CREATE TABLE `vx11_migration_log` (
	`migration_id` text PRIMARY KEY,
	`applied_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
	`description` text,
	`source_file` text
);
--> statement-breakpoint
CREATE TABLE `cli_onboarding_state` (
	`id` integer PRIMARY KEY NOT NULL,
	`provider_id` VARCHAR(128) NOT NULL,
	`state` VARCHAR(50),
	`notes` text,
	`last_checked_at` DATETIME,
	`created_at` DATETIME
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cli_onboarding_state_provider_id_unique` ON `cli_onboarding_state` (`provider_id`);--> statement-breakpoint
CREATE TABLE `cli_providers` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` VARCHAR(100) NOT NULL,
	`base_url` VARCHAR(500),
	`api_key_env` VARCHAR(100) NOT NULL,
	`task_types` VARCHAR(255),
	`daily_limit_tokens` integer,
	`monthly_limit_tokens` integer,
	`tokens_used_today` integer,
	`tokens_used_month` integer,
	`reset_hour_utc` integer,
	`enabled` BOOLEAN,
	`last_reset_at` DATETIME,
	`created_at` DATETIME,
	`updated_at` DATETIME
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cli_providers_name_unique` ON `cli_providers` (`name`);--> statement-breakpoint
CREATE TABLE `cli_registry` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` VARCHAR(100) NOT NULL,
	`bin_path` VARCHAR(500),
	`available` BOOLEAN,
	`last_checked` DATETIME,
	`cli_type` VARCHAR(50) NOT NULL,
	`token_config_key` VARCHAR(100),
	`rate_limit_daily` integer,
	`used_today` integer,
	`notes` text,
	`updated_at` DATETIME
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cli_registry_name_unique` ON `cli_registry` (`name`);--> statement-breakpoint
CREATE TABLE `engines` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` VARCHAR(128) NOT NULL,
	`engine_type` VARCHAR(32) NOT NULL,
	`domain` VARCHAR(64) NOT NULL,
	`endpoint` VARCHAR(256) NOT NULL,
	`version` VARCHAR(32),
	`quota_tokens_per_day` integer,
	`quota_used_today` integer,
	`quota_reset_at` DATETIME,
	`latency_ms` FLOAT,
	`cost_per_call` FLOAT,
	`enabled` BOOLEAN,
	`last_used` DATETIME,
	`created_at` DATETIME,
	`updated_at` DATETIME
);
--> statement-breakpoint
CREATE UNIQUE INDEX `engines_name_unique` ON `engines` (`name`);--> statement-breakpoint
CREATE TABLE `hermes_ingest` (
	`id` integer PRIMARY KEY NOT NULL,
	`path` VARCHAR(512) NOT NULL,
	`size_bytes` integer,
	`duration_sec` FLOAT,
	`status` VARCHAR(32),
	`created_at` DATETIME
);
--> statement-breakpoint
CREATE TABLE `local_models_v2` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` VARCHAR(255) NOT NULL,
	`engine` VARCHAR(50) NOT NULL,
	`path` VARCHAR(512) NOT NULL,
	`size_bytes` integer NOT NULL,
	`task_type` VARCHAR(50) NOT NULL,
	`max_context` integer,
	`enabled` BOOLEAN,
	`last_used_at` DATETIME,
	`usage_count` integer,
	`compatibility` VARCHAR(64),
	`meta_info` text,
	`created_at` DATETIME,
	`updated_at` DATETIME
);
--> statement-breakpoint
CREATE UNIQUE INDEX `local_models_v2_name_unique` ON `local_models_v2` (`name`);--> statement-breakpoint
CREATE TABLE `model_registry` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` VARCHAR(255) NOT NULL,
	`path` VARCHAR(500) NOT NULL,
	`provider` VARCHAR(50) NOT NULL,
	`type` VARCHAR(50) NOT NULL,
	`size_bytes` integer NOT NULL,
	`tags` text,
	`last_used` DATETIME,
	`score` FLOAT,
	`available` BOOLEAN,
	`meta_json` text,
	`created_at` DATETIME,
	`updated_at` DATETIME
);
--> statement-breakpoint
CREATE UNIQUE INDEX `model_registry_name_unique` ON `model_registry` (`name`);--> statement-breakpoint
CREATE TABLE `models_local` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` VARCHAR(255) NOT NULL,
	`path` VARCHAR(512) NOT NULL,
	`size_mb` integer,
	`hash` VARCHAR(128),
	`category` VARCHAR(64),
	`status` VARCHAR(32),
	`compatibility` VARCHAR(64),
	`downloaded_at` DATETIME,
	`updated_at` DATETIME
);
--> statement-breakpoint
CREATE UNIQUE INDEX `models_local_name_unique` ON `models_local` (`name`);--> statement-breakpoint
CREATE TABLE `models_remote_cli` (
	`id` integer PRIMARY KEY NOT NULL,
	`provider` VARCHAR(128) NOT NULL,
	`token` VARCHAR(256) NOT NULL,
	`limit_daily` integer,
	`limit_weekly` integer,
	`renew_at` DATETIME,
	`task_type` VARCHAR(64),
	`status` VARCHAR(32),
	`created_at` DATETIME,
	`updated_at` DATETIME
);
--> statement-breakpoint
CREATE UNIQUE INDEX `models_remote_cli_token_unique` ON `models_remote_cli` (`token`);--> statement-breakpoint
CREATE TABLE `feromona_events` (
	`id` integer PRIMARY KEY NOT NULL,
	`type` VARCHAR(64) NOT NULL,
	`intensity` integer,
	`module` VARCHAR(64) NOT NULL,
	`payload` text,
	`timestamp` DATETIME,
	`kind` text,
	`scope` text,
	`payload_json` text,
	`source` text,
	`created_at` DATETIME
);
--> statement-breakpoint
CREATE TABLE `hormiga_state` (
	`id` integer PRIMARY KEY NOT NULL,
	`ant_id` VARCHAR(64) NOT NULL,
	`role` VARCHAR(32) NOT NULL,
	`status` VARCHAR(20),
	`last_scan_at` DATETIME,
	`mutation_level` integer,
	`cpu_percent` FLOAT,
	`ram_percent` FLOAT,
	`created_at` DATETIME,
	`updated_at` DATETIME,
	`hormiga_id` text,
	`name` text,
	`enabled` integer,
	`aggression_level` integer,
	`scan_interval_sec` integer,
	`last_ok_at` DATETIME,
	`last_error_at` DATETIME,
	`last_error` text,
	`stats_json` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `hormiga_state_ant_id_unique` ON `hormiga_state` (`ant_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `idx_hormiga_state_hormiga_id` ON `hormiga_state` (`hormiga_id`);--> statement-breakpoint
CREATE TABLE `incidents` (
	`id` integer PRIMARY KEY NOT NULL,
	`ant_id` VARCHAR(64) NOT NULL,
	`incident_type` VARCHAR(64) NOT NULL,
	`severity` VARCHAR(20),
	`location` VARCHAR(255),
	`details` text,
	`status` VARCHAR(20),
	`detected_at` DATETIME,
	`resolved_at` DATETIME,
	`queen_decision` VARCHAR(255),
	`incident_id` text,
	`kind` text,
	`title` text,
	`description` text,
	`evidence_json` text,
	`source` text,
	`first_seen_at` DATETIME,
	`last_seen_at` DATETIME,
	`correlation_id` text,
	`tags` text,
	`suggested_actions_json` text,
	`execution_plan_json` text,
	`created_at` DATETIME,
	`updated_at` DATETIME
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_incidents_incident_id` ON `incidents` (`incident_id`);--> statement-breakpoint
CREATE INDEX `idx_incidents_detected_at` ON `incidents` (`detected_at`);--> statement-breakpoint
CREATE TABLE `pheromone_log` (
	`id` integer PRIMARY KEY NOT NULL,
	`pheromone_type` VARCHAR(64) NOT NULL,
	`intensity` integer,
	`source_incident_ids` text,
	`madre_intent_id` VARCHAR(64),
	`switch_consultation_id` VARCHAR(64),
	`payload` text,
	`created_at` DATETIME,
	`executed_at` DATETIME,
	`pheromone_id` text,
	`incident_id` text,
	`action_kind` text,
	`action_payload_json` text,
	`requested_by` text,
	`approved_by` text,
	`status` text,
	`result_json` text,
	`updated_at` DATETIME
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_pheromone_log_pheromone_id` ON `pheromone_log` (`pheromone_id`);--> statement-breakpoint
CREATE INDEX `idx_pheromone_log_created_at` ON `pheromone_log` (`created_at`);--> statement-breakpoint
CREATE TABLE `inee_agents` (
	`agent_id` text,
	`colony_id` text NOT NULL,
	`role` text NOT NULL,
	`status` text,
	`last_checkin` DATETIME,
	`telemetry_json` text,
	`created_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
	PRIMARY KEY(`agent_id`, `colony_id`),
	FOREIGN KEY (`colony_id`) REFERENCES `inee_colonies`(`colony_id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "inee_agents_role_check" CHECK(role IN ('egg', 'larva', 'adult', 'beta_queen')),
	CONSTRAINT "inee_agents_status_check" CHECK(status IN ('idle', 'processing', 'offline'))
);
--> statement-breakpoint
CREATE INDEX `idx_inee_agents_role` ON `inee_agents` (`role`);--> statement-breakpoint
CREATE INDEX `idx_inee_agents_colony` ON `inee_agents` (`colony_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `uq_inee_agents_colony_id_agent_id` ON `inee_agents` (`colony_id`,`agent_id`);--> statement-breakpoint
CREATE TABLE `inee_audit_events` (
	`event_id` text,
	`correlation_id` text NOT NULL,
	`ts` DATETIME DEFAULT CURRENT_TIMESTAMP,
	`source` text,
	`event_type` text,
	`severity` text,
	`message` text,
	`structured_json` text,
	`archive_date` DATETIME,
	PRIMARY KEY(`event_id`, `correlation_id`, `ts`),
	CONSTRAINT "inee_audit_events_source_check" CHECK(source IN ('inee', 'manifestator', 'operator', 'madre')),
	CONSTRAINT "inee_audit_events_event_type_check" CHECK(event_type IN ('intent_proposed', 'simulated', 'executed', 'error', 'drift_detected', 'patch_applied')),
	CONSTRAINT "inee_audit_events_severity_check" CHECK(severity IN ('info', 'warn', 'crit'))
);
--> statement-breakpoint
CREATE INDEX `idx_inee_audit_archived` ON `inee_audit_events` (`archive_date`);--> statement-breakpoint
CREATE INDEX `idx_inee_audit_created_at` ON `inee_audit_events` (`ts`);--> statement-breakpoint
CREATE INDEX `idx_inee_audit_correlation_id` ON `inee_audit_events` (`correlation_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `uq_inee_audit_events_correlation_id_ts_event_id` ON `inee_audit_events` (`correlation_id`,`ts`,`event_id`);--> statement-breakpoint
CREATE TABLE `inee_colonies` (
	`colony_id` text PRIMARY KEY,
	`name` text,
	`status` text,
	`beta_queen_url` text,
	`protocol` text,
	`last_heartbeat` DATETIME,
	`last_seen` DATETIME,
	`max_agents` integer DEFAULT 1000,
	`rate_limit_per_minute` integer DEFAULT 100,
	`created_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
	`created_by` text,
	CONSTRAINT "inee_colonies_status_check" CHECK(status IN ('pending', 'active', 'suspended', 'offline')),
	CONSTRAINT "inee_colonies_protocol_check" CHECK(protocol IN ('http', 'websocket', 'batch')),
	CONSTRAINT "inee_colonies_max_agents_check" CHECK(max_agents > 0),
	CONSTRAINT "inee_colonies_rate_limit_per_minute_check" CHECK(rate_limit_per_minute > 0)
);
--> statement-breakpoint
CREATE INDEX `idx_inee_colonies_last_seen` ON `inee_colonies` (`last_seen`);--> statement-breakpoint
CREATE INDEX `idx_inee_colonies_status` ON `inee_colonies` (`status`);--> statement-breakpoint
CREATE TABLE `inee_intents` (
	`intent_id` text PRIMARY KEY,
	`colony_id` text NOT NULL,
	`agent_id` text,
	`phase` text NOT NULL,
	`intent_type` text,
	`payload_json` text NOT NULL,
	`correlation_id` text,
	`created_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
	`updated_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
	`approver_id` text,
	`approval_reason` text,
	`result_json` text,
	FOREIGN KEY (`colony_id`) REFERENCES `inee_colonies`(`colony_id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "inee_intents_phase_check" CHECK(phase IN ('proposed', 'simulating', 'validated', 'approved', 'executing', 'completed', 'rejected')),
	CONSTRAINT "inee_intents_intent_type_check" CHECK(intent_type IN ('simulate', 'validate', 'apply', 'drift_repair', 'new_module'))
);
--> statement-breakpoint
CREATE INDEX `idx_inee_intents_created_at` ON `inee_intents` (`created_at`);--> statement-breakpoint
CREATE INDEX `idx_inee_intents_correlation_id` ON `inee_intents` (`correlation_id`);--> statement-breakpoint
CREATE INDEX `idx_inee_intents_colony` ON `inee_intents` (`colony_id`);--> statement-breakpoint
CREATE INDEX `idx_inee_intents_phase` ON `inee_intents` (`phase`);--> statement-breakpoint
CREATE TABLE `inee_nonces` (
	`nonce` text,
	`colony_id` text NOT NULL,
	`used_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
	`request_hash` text,
	PRIMARY KEY(`nonce`, `colony_id`),
	FOREIGN KEY (`colony_id`) REFERENCES `inee_colonies`(`colony_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `idx_inee_nonces_colony_ts` ON `inee_nonces` (`colony_id`,`used_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `uq_inee_nonces_colony_id_nonce` ON `inee_nonces` (`colony_id`,`nonce`);--> statement-breakpoint
CREATE TABLE `inee_policies` (
	`policy_id` text PRIMARY KEY,
	`policy_type` text,
	`target_entity` text,
	`config_json` text NOT NULL,
	`active` BOOLEAN DEFAULT TRUE,
	`created_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
	`updated_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
	`updated_by` text,
	CONSTRAINT "inee_policies_policy_type_check" CHECK(policy_type IN ('rate_limit', 'budget', 'killswitch', 'execution_approval'))
);
--> statement-breakpoint
CREATE INDEX `idx_inee_policies_active` ON `inee_policies` (`active`);--> statement-breakpoint
CREATE INDEX `idx_inee_policies_entity` ON `inee_policies` (`target_entity`);--> statement-breakpoint
CREATE TABLE `reward_accounts` (
	`account_id` text PRIMARY KEY,
	`entity_type` text NOT NULL,
	`entity_id` text NOT NULL,
	`role` text,
	`balance` integer DEFAULT 0,
	`budget_limit` integer DEFAULT 10000,
	`created_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "reward_accounts_entity_type_check" CHECK(entity_type IN ('colony', 'agent', 'module')),
	CONSTRAINT "reward_accounts_budget_limit_check" CHECK(budget_limit > 0)
);
--> statement-breakpoint
CREATE INDEX `idx_reward_accounts_entity` ON `reward_accounts` (`entity_type`,`entity_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `uq_reward_accounts_entity_type_entity_id` ON `reward_accounts` (`entity_type`,`entity_id`);--> statement-breakpoint
CREATE TABLE `reward_events` (
	`event_id` text PRIMARY KEY,
	`account_id` text NOT NULL,
	`transaction_type` text,
	`amount` integer NOT NULL,
	`reason` text,
	`correlation_id` text,
	`ts` DATETIME DEFAULT CURRENT_TIMESTAMP,
	FOREIGN KEY (`account_id`) REFERENCES `reward_accounts`(`account_id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "reward_events_transaction_type_check" CHECK(transaction_type IN ('earned', 'spent', 'penalty', 'adjustment'))
);
--> statement-breakpoint
CREATE INDEX `idx_reward_events_correlation` ON `reward_events` (`correlation_id`);--> statement-breakpoint
CREATE INDEX `idx_reward_events_account_ts` ON `reward_events` (`account_id`,`ts`);--> statement-breakpoint
CREATE TABLE `context` (
	`id` integer PRIMARY KEY NOT NULL,
	`task_id` VARCHAR(36) NOT NULL,
	`key` VARCHAR(255) NOT NULL,
	`value` text NOT NULL,
	`scope` VARCHAR(50),
	`created_at` DATETIME,
	FOREIGN KEY (`task_id`) REFERENCES `tasks`(`uuid`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `intents_log` (
	`id` integer PRIMARY KEY NOT NULL,
	`source` VARCHAR(64) NOT NULL,
	`payload_json` text NOT NULL,
	`created_at` DATETIME,
	`processed_by_madre_at` DATETIME,
	`result_status` VARCHAR(32),
	`notes` text
);
--> statement-breakpoint
CREATE INDEX `idx_intents_log_created_at` ON `intents_log` (`created_at`);--> statement-breakpoint
CREATE TABLE `madre_actions` (
	`id` integer PRIMARY KEY NOT NULL,
	`module` VARCHAR(64) NOT NULL,
	`action` VARCHAR(64) NOT NULL,
	`reason` VARCHAR(255),
	`created_at` DATETIME
);
--> statement-breakpoint
CREATE TABLE `madre_policies` (
	`id` integer PRIMARY KEY NOT NULL,
	`module` VARCHAR(64) NOT NULL,
	`error_threshold` integer,
	`idle_seconds` integer,
	`enable_autosuspend` BOOLEAN,
	`created_at` DATETIME,
	`updated_at` DATETIME
);
--> statement-breakpoint
CREATE TABLE `module_health` (
	`id` integer PRIMARY KEY NOT NULL,
	`module` VARCHAR(50) NOT NULL,
	`status` VARCHAR(20),
	`last_ping` DATETIME,
	`error_count` integer,
	`uptime_seconds` FLOAT,
	`updated_at` DATETIME
);
--> statement-breakpoint
CREATE TABLE `module_status` (
	`module_name` text PRIMARY KEY,
	`service_name` text,
	`port` integer,
	`health_url` text,
	`status` text NOT NULL,
	`checked_at_utc` text NOT NULL,
	`notes` text,
	`report_path` text
);
--> statement-breakpoint
CREATE TABLE `power_events` (
	`id` integer PRIMARY KEY NOT NULL,
	`module` VARCHAR(64) NOT NULL,
	`action` VARCHAR(32) NOT NULL,
	`reason` VARCHAR(255),
	`cpu_usage` FLOAT,
	`ram_usage` FLOAT,
	`activity_score` FLOAT,
	`timestamp` DATETIME
);
--> statement-breakpoint
CREATE TABLE `reports` (
	`id` integer PRIMARY KEY NOT NULL,
	`task_id` VARCHAR(36) NOT NULL,
	`report_type` VARCHAR(50) NOT NULL,
	`summary` text,
	`details` text,
	`metrics` text,
	`created_at` DATETIME,
	FOREIGN KEY (`task_id`) REFERENCES `tasks`(`uuid`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `scheduler_history` (
	`id` integer PRIMARY KEY NOT NULL,
	`timestamp` DATETIME,
	`action` VARCHAR(64) NOT NULL,
	`reason` text,
	`metrics` text
);
--> statement-breakpoint
CREATE INDEX `idx_scheduler_history_timestamp` ON `scheduler_history` (`timestamp`);--> statement-breakpoint
CREATE TABLE `system_events` (
	`id` integer PRIMARY KEY NOT NULL,
	`timestamp` DATETIME,
	`source` VARCHAR(64) NOT NULL,
	`event_type` VARCHAR(64) NOT NULL,
	`payload` text,
	`severity` VARCHAR(16)
);
--> statement-breakpoint
CREATE INDEX `idx_system_events_timestamp` ON `system_events` (`timestamp`);--> statement-breakpoint
CREATE TABLE `system_state` (
	`id` integer PRIMARY KEY NOT NULL,
	`key` VARCHAR(128) NOT NULL,
	`value` text,
	`updated_at` DATETIME,
	`memory_pressure` FLOAT,
	`cpu_pressure` FLOAT,
	`switch_queue_level` FLOAT,
	`hermes_update_required` BOOLEAN,
	`shub_pipeline_state` VARCHAR(64),
	`operator_active` BOOLEAN,
	`system_load_score` FLOAT,
	`model_rotation_state` VARCHAR(128),
	`audio_pipeline_state` VARCHAR(128),
	`pending_tasks` integer,
	`active_children` integer,
	`last_operator_activity` DATETIME,
	`power_mode` VARCHAR(32)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `system_state_key_unique` ON `system_state` (`key`);--> statement-breakpoint
CREATE TABLE `tasks` (
	`id` integer PRIMARY KEY NOT NULL,
	`uuid` VARCHAR(36) NOT NULL,
	`name` VARCHAR(255) NOT NULL,
	`module` VARCHAR(50) NOT NULL,
	`action` VARCHAR(100) NOT NULL,
	`status` VARCHAR(20),
	`created_at` DATETIME,
	`updated_at` DATETIME,
	`result` text,
	`error` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tasks_uuid_unique` ON `tasks` (`uuid`);--> statement-breakpoint
CREATE TABLE `drift_reports` (
	`id` integer PRIMARY KEY NOT NULL,
	`module` VARCHAR(64) NOT NULL,
	`details` text NOT NULL,
	`severity` VARCHAR(32),
	`timestamp` DATETIME,
	`resolved` BOOLEAN
);
--> statement-breakpoint
CREATE TABLE `manifestator_audit` (
	`audit_id` text PRIMARY KEY,
	`run_ts` DATETIME DEFAULT CURRENT_TIMESTAMP,
	`patch_plan_json` text,
	`status` text,
	`applied_at` DATETIME,
	`applied_by` text,
	`correlation_id` text,
	`evidence_paths_json` text,
	CONSTRAINT "manifestator_audit_status_check" CHECK(status IN ('draft', 'approved', 'applied', 'rolled_back'))
);
--> statement-breakpoint
CREATE INDEX `idx_manifestator_audit_correlation` ON `manifestator_audit` (`correlation_id`);--> statement-breakpoint
CREATE TABLE `manifestator_lanes` (
	`lane_id` text PRIMARY KEY,
	`name` text,
	`description` text,
	`stage` text,
	`checks_json` text,
	`created_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "manifestator_lanes_stage_check" CHECK(stage IN ('detect', 'plan', 'validate', 'apply'))
);
--> statement-breakpoint
CREATE TABLE `manifestator_rails` (
	`rail_id` text PRIMARY KEY,
	`name` text,
	`description` text,
	`rule_type` text,
	`rule_definition_json` text NOT NULL,
	`severity_on_violation` text,
	`created_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
	`active` BOOLEAN DEFAULT TRUE,
	CONSTRAINT "manifestator_rails_rule_type_check" CHECK(rule_type IN ('constraint', 'drift_threshold', 'naming_convention', 'schema_rule')),
	CONSTRAINT "manifestator_rails_severity_on_violation_check" CHECK(severity_on_violation IN ('warn', 'error', 'critical'))
);
--> statement-breakpoint
CREATE INDEX `idx_manifestator_rails_active` ON `manifestator_rails` (`active`);--> statement-breakpoint
CREATE TABLE `audit_logs` (
	`id` integer PRIMARY KEY NOT NULL,
	`component` VARCHAR(64) NOT NULL,
	`level` VARCHAR(16),
	`message` text NOT NULL,
	`created_at` DATETIME
);
--> statement-breakpoint
CREATE TABLE `sandbox_exec` (
	`id` integer PRIMARY KEY NOT NULL,
	`action` VARCHAR(128) NOT NULL,
	`status` VARCHAR(32),
	`duration_ms` FLOAT,
	`error` text,
	`created_at` DATETIME
);
--> statement-breakpoint
CREATE TABLE `operator_audit_runs_cache` (
	`run_id` text PRIMARY KEY,
	`run_type` text NOT NULL,
	`status` text DEFAULT 'pending' NOT NULL,
	`started_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
	`completed_at` DATETIME,
	`result_json` text,
	`error_msg` text,
	`created_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
	`updated_at` DATETIME DEFAULT CURRENT_TIMESTAMP
);
--> statement-breakpoint
CREATE TABLE `operator_browser_task` (
	`id` integer PRIMARY KEY NOT NULL,
	`session_id` VARCHAR(64) NOT NULL,
	`url` VARCHAR(500) NOT NULL,
	`status` VARCHAR(50),
	`snapshot_path` VARCHAR(255),
	`result` text,
	`error` text,
	`created_at` DATETIME,
	`executed_at` DATETIME,
	FOREIGN KEY (`session_id`) REFERENCES `operator_session`(`session_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `operator_events` (
	`event_id` text PRIMARY KEY,
	`ts` DATETIME DEFAULT CURRENT_TIMESTAMP,
	`event_type` text,
	`severity` text,
	`module` text,
	`correlation_id` text,
	`summary` text,
	`payload_json` text,
	CONSTRAINT "operator_events_event_type_check" CHECK(event_type IN ('status', 'module', 'window', 'intent', 'audit')),
	CONSTRAINT "operator_events_severity_check" CHECK(severity IN ('info', 'warn', 'crit'))
);
--> statement-breakpoint
CREATE INDEX `idx_operator_events_module` ON `operator_events` (`module`);--> statement-breakpoint
CREATE INDEX `idx_operator_events_ts` ON `operator_events` (`ts`);--> statement-breakpoint
CREATE TABLE `operator_jobs` (
	`id` integer PRIMARY KEY NOT NULL,
	`job_id` VARCHAR(64) NOT NULL,
	`intent` VARCHAR(64) NOT NULL,
	`status` VARCHAR(32),
	`payload` text,
	`result` text,
	`created_at` DATETIME,
	`updated_at` DATETIME
);
--> statement-breakpoint
CREATE UNIQUE INDEX `operator_jobs_job_id_unique` ON `operator_jobs` (`job_id`);--> statement-breakpoint
CREATE TABLE `operator_message` (
	`id` integer PRIMARY KEY NOT NULL,
	`session_id` VARCHAR(64) NOT NULL,
	`role` VARCHAR(50) NOT NULL,
	`content` text NOT NULL,
	`message_metadata` text,
	`created_at` DATETIME,
	FOREIGN KEY (`session_id`) REFERENCES `operator_session`(`session_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `operator_metrics` (
	`metric_id` text PRIMARY KEY,
	`ts` DATETIME DEFAULT CURRENT_TIMESTAMP,
	`metric_name` text,
	`value` real,
	`module` text,
	`dimensions_json` text,
	CONSTRAINT "operator_metrics_metric_name_check" CHECK(metric_name IN ('cpu_percent', 'ram_gib', 'latency_ms', 'chat_throughput', 'window_ttl', 'event_backlog'))
);
--> statement-breakpoint
CREATE INDEX `idx_operator_metrics_name` ON `operator_metrics` (`metric_name`);--> statement-breakpoint
CREATE INDEX `idx_operator_metrics_ts` ON `operator_metrics` (`ts`);--> statement-breakpoint
CREATE TABLE `operator_session` (
	`id` integer PRIMARY KEY NOT NULL,
	`session_id` VARCHAR(64) NOT NULL,
	`user_id` VARCHAR(64) NOT NULL,
	`source` VARCHAR(50) NOT NULL,
	`created_at` DATETIME,
	`updated_at` DATETIME
);
--> statement-breakpoint
CREATE UNIQUE INDEX `ux_operator_session_session_id` ON `operator_session` (`session_id`);--> statement-breakpoint
CREATE TABLE `operator_settings` (
	`key` text PRIMARY KEY,
	`value_json` text,
	`updated_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
	`updated_by` text
);
--> statement-breakpoint
CREATE TABLE `operator_switch_adjustment` (
	`id` integer PRIMARY KEY NOT NULL,
	`session_id` VARCHAR(64) NOT NULL,
	`message_id` integer,
	`before_config` text NOT NULL,
	`after_config` text NOT NULL,
	`reason` text NOT NULL,
	`applied` BOOLEAN,
	`created_at` DATETIME,
	`applied_at` DATETIME,
	FOREIGN KEY (`session_id`) REFERENCES `operator_session`(`session_id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`message_id`) REFERENCES `operator_message`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `operator_tool_call` (
	`id` integer PRIMARY KEY NOT NULL,
	`message_id` integer NOT NULL,
	`tool_name` VARCHAR(100) NOT NULL,
	`status` VARCHAR(50),
	`duration_ms` integer,
	`result` text,
	`error` text,
	`created_at` DATETIME,
	FOREIGN KEY (`message_id`) REFERENCES `operator_message`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `rails_container_blueprints` (
	`blueprint_id` text PRIMARY KEY,
	`purpose` text,
	`sandbox_policy_json` text,
	`mounts_json` text,
	`network_config` text,
	`cpu_limit_millicores` integer,
	`mem_limit_mb` integer,
	`ttl_sec` integer,
	`map_version` text NOT NULL,
	FOREIGN KEY (`map_version`) REFERENCES `rails_map_versions`(`version`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `rails_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT,
	`who` text NOT NULL,
	`what` text NOT NULL,
	`when_ts` DATETIME DEFAULT CURRENT_TIMESTAMP,
	`why` text,
	`result_json` text,
	`correlation_id` text
);
--> statement-breakpoint
CREATE INDEX `idx_rails_events_when` ON `rails_events` (`when_ts`);--> statement-breakpoint
CREATE INDEX `idx_rails_events_correlation` ON `rails_events` (`correlation_id`);--> statement-breakpoint
CREATE TABLE `rails_flow_templates` (
	`flow_id` text PRIMARY KEY,
	`domain` text NOT NULL,
	`triggers_json` text,
	`steps_json` text,
	`invariants_json` text,
	`map_version` text NOT NULL,
	FOREIGN KEY (`map_version`) REFERENCES `rails_map_versions`(`version`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `idx_rails_flow_templates_domain` ON `rails_flow_templates` (`domain`);--> statement-breakpoint
CREATE TABLE `rails_lanes` (
	`lane_id` text PRIMARY KEY,
	`domain` text NOT NULL,
	`intent_type` text NOT NULL,
	`owner_module` text NOT NULL,
	`escalation_rule` text,
	`constraints_json` text,
	`invariants_json` text,
	`map_version` text NOT NULL,
	FOREIGN KEY (`map_version`) REFERENCES `rails_map_versions`(`version`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `idx_rails_lanes_domain_intent` ON `rails_lanes` (`domain`,`intent_type`);--> statement-breakpoint
CREATE TABLE `rails_map_versions` (
	`id` integer PRIMARY KEY AUTOINCREMENT,
	`version` text NOT NULL,
	`content_hash` text NOT NULL,
	`created_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
	`author` text,
	`notes` text,
	`source_canon_hash` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rails_map_versions_version_unique` ON `rails_map_versions` (`version`);--> statement-breakpoint
CREATE TABLE `shub_analysis` (
	`id` integer PRIMARY KEY NOT NULL,
	`track_id` integer NOT NULL,
	`rms` FLOAT,
	`peak` FLOAT,
	`lufs` FLOAT,
	`noise_floor` FLOAT,
	`dynamic_range` FLOAT,
	`clipping` integer,
	`notes` text,
	`created_at` DATETIME,
	FOREIGN KEY (`track_id`) REFERENCES `shub_tracks`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `shub_fx_chains` (
	`id` integer PRIMARY KEY NOT NULL,
	`track_id` integer NOT NULL,
	`chain_name` VARCHAR(255) NOT NULL,
	`steps_json` text NOT NULL,
	`created_at` DATETIME,
	FOREIGN KEY (`track_id`) REFERENCES `shub_tracks`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `shub_presets` (
	`id` integer PRIMARY KEY NOT NULL,
	`fx_chain_id` integer NOT NULL,
	`rpp_snippet` text,
	`version` VARCHAR(32),
	`created_at` DATETIME,
	FOREIGN KEY (`fx_chain_id`) REFERENCES `shub_fx_chains`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `shub_projects` (
	`id` integer PRIMARY KEY NOT NULL,
	`project_id` VARCHAR(64) NOT NULL,
	`name` VARCHAR(255) NOT NULL,
	`sample_rate` integer,
	`created_at` DATETIME,
	`updated_at` DATETIME
);
--> statement-breakpoint
CREATE UNIQUE INDEX `shub_projects_project_id_unique` ON `shub_projects` (`project_id`);--> statement-breakpoint
CREATE TABLE `shub_request_nonces` (
	`nonce_id` text PRIMARY KEY,
	`timestamp` integer NOT NULL,
	`ttl_seconds` integer DEFAULT 120,
	`created_at` DATETIME DEFAULT CURRENT_TIMESTAMP
);
--> statement-breakpoint
CREATE INDEX `idx_shub_nonce_created` ON `shub_request_nonces` (`created_at`);--> statement-breakpoint
CREATE INDEX `idx_shub_nonce_timestamp` ON `shub_request_nonces` (`timestamp`);--> statement-breakpoint
CREATE TABLE `shub_tracks` (
	`id` integer PRIMARY KEY NOT NULL,
	`project_id` VARCHAR(64) NOT NULL,
	`name` VARCHAR(255) NOT NULL,
	`role` VARCHAR(64),
	`file_path` VARCHAR(512),
	`duration_sec` FLOAT,
	`created_at` DATETIME,
	FOREIGN KEY (`project_id`) REFERENCES `shub_projects`(`project_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `shub_window_cache` (
	`token_hash` text PRIMARY KEY,
	`token_iat` integer NOT NULL,
	`token_exp` integer NOT NULL,
	`valid` BOOLEAN DEFAULT 1,
	`scopes` text NOT NULL,
	`cached_at` DATETIME DEFAULT CURRENT_TIMESTAMP
);
--> statement-breakpoint
CREATE INDEX `idx_shub_cache_exp` ON `shub_window_cache` (`token_exp`);--> statement-breakpoint
CREATE TABLE `daughter_attempts` (
	`id` integer PRIMARY KEY NOT NULL,
	`daughter_id` integer NOT NULL,
	`attempt_number` integer,
	`started_at` DATETIME,
	`finished_at` DATETIME,
	`status` VARCHAR(32),
	`error_message` VARCHAR(500),
	`tokens_used_cli` integer,
	`tokens_used_local` integer,
	`switch_model_used` VARCHAR(128),
	`cli_provider_used` VARCHAR(128),
	`created_at` DATETIME,
	FOREIGN KEY (`daughter_id`) REFERENCES `daughters`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `daughter_tasks` (
	`id` integer PRIMARY KEY NOT NULL,
	`intent_id` VARCHAR(36),
	`source` VARCHAR(64) NOT NULL,
	`priority` integer,
	`status` VARCHAR(32),
	`task_type` VARCHAR(50) NOT NULL,
	`description` text,
	`created_at` DATETIME,
	`updated_at` DATETIME,
	`finished_at` DATETIME,
	`max_retries` integer,
	`current_retry` integer,
	`metadata_json` text,
	`plan_json` text,
	`parent_task_id_fk` integer,
	FOREIGN KEY (`parent_task_id_fk`) REFERENCES `daughter_tasks`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `daughters` (
	`id` integer PRIMARY KEY NOT NULL,
	`task_id` integer NOT NULL,
	`name` VARCHAR(128) NOT NULL,
	`purpose` text,
	`tools_json` text,
	`ttl_seconds` integer,
	`started_at` DATETIME,
	`last_heartbeat_at` DATETIME,
	`ended_at` DATETIME,
	`status` VARCHAR(32),
	`mutation_level` integer,
	`error_last` text,
	`spawn_uuid` VARCHAR(36),
	`parent_id` integer,
	`spawner_service` VARCHAR(64),
	FOREIGN KEY (`task_id`) REFERENCES `daughter_tasks`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`parent_id`) REFERENCES `daughters`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `daughters_spawn_uuid_unique` ON `daughters` (`spawn_uuid`);--> statement-breakpoint
CREATE TABLE `hijas_runtime` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` VARCHAR(128) NOT NULL,
	`state` VARCHAR(32),
	`pid` integer,
	`last_heartbeat` DATETIME,
	`meta_json` text,
	`birth_context` text,
	`death_context` text,
	`intent_type` VARCHAR(64),
	`ttl` integer,
	`killed_by` VARCHAR(128),
	`purpose` VARCHAR(256),
	`module_creator` VARCHAR(64),
	`born_at` DATETIME,
	`died_at` DATETIME
);
--> statement-breakpoint
CREATE TABLE `hijas_state` (
	`id` integer PRIMARY KEY NOT NULL,
	`hija_id` VARCHAR(64) NOT NULL,
	`module` VARCHAR(64) NOT NULL,
	`status` VARCHAR(32),
	`cpu_usage` FLOAT,
	`ram_usage` FLOAT,
	`pid` integer,
	`created_at` DATETIME,
	`updated_at` DATETIME
);
--> statement-breakpoint
CREATE UNIQUE INDEX `hijas_state_hija_id_unique` ON `hijas_state` (`hija_id`);--> statement-breakpoint
CREATE TABLE `spawns` (
	`id` integer PRIMARY KEY NOT NULL,
	`uuid` VARCHAR(36) NOT NULL,
	`name` VARCHAR(255) NOT NULL,
	`cmd` VARCHAR(500) NOT NULL,
	`pid` integer,
	`status` VARCHAR(20),
	`started_at` DATETIME,
	`ended_at` DATETIME,
	`exit_code` integer,
	`stdout` text,
	`stderr` text,
	`parent_task_id` VARCHAR(36),
	`created_at` DATETIME,
	FOREIGN KEY (`parent_task_id`) REFERENCES `tasks`(`uuid`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `spawns_uuid_unique` ON `spawns` (`uuid`);--> statement-breakpoint
CREATE TABLE `chat_providers_stats` (
	`provider` text PRIMARY KEY,
	`success_count` integer DEFAULT 0,
	`fail_count` integer DEFAULT 0,
	`avg_latency_ms` real DEFAULT 0
);
--> statement-breakpoint
CREATE TABLE `cli_usage_stats` (
	`id` integer PRIMARY KEY NOT NULL,
	`provider_id` VARCHAR(128) NOT NULL,
	`timestamp` DATETIME,
	`success` BOOLEAN,
	`latency_ms` integer,
	`cost_estimated` FLOAT,
	`tokens_estimated` integer,
	`error_class` VARCHAR(100)
);
--> statement-breakpoint
CREATE INDEX `idx_cli_usage_stats_timestamp` ON `cli_usage_stats` (`timestamp`);--> statement-breakpoint
CREATE TABLE `fluzo_signals` (
	`id` integer PRIMARY KEY NOT NULL,
	`timestamp` DATETIME,
	`cpu_load_1m` FLOAT,
	`mem_pct` FLOAT,
	`on_ac` BOOLEAN,
	`battery_pct` integer,
	`profile` VARCHAR(32)
);
--> statement-breakpoint
CREATE TABLE `ia_decisions` (
	`id` integer PRIMARY KEY NOT NULL,
	`prompt_hash` VARCHAR(64) NOT NULL,
	`provider` VARCHAR(50) NOT NULL,
	`task_type` VARCHAR(50),
	`prompt` text NOT NULL,
	`response` text,
	`latency_ms` integer,
	`success` BOOLEAN,
	`confidence` FLOAT,
	`meta_json` text,
	`created_at` DATETIME
);
--> statement-breakpoint
CREATE INDEX `idx_ia_decisions_created_at` ON `ia_decisions` (`created_at`);--> statement-breakpoint
CREATE TABLE `model_usage_stats` (
	`id` integer PRIMARY KEY NOT NULL,
	`model_or_cli_name` VARCHAR(255) NOT NULL,
	`kind` VARCHAR(20) NOT NULL,
	`task_type` VARCHAR(50) NOT NULL,
	`tokens_used` integer,
	`latency_ms` integer,
	`success` BOOLEAN,
	`error_message` VARCHAR(500),
	`user_id` VARCHAR(100),
	`created_at` DATETIME
);
--> statement-breakpoint
CREATE INDEX `idx_model_usage_stats_created_at` ON `model_usage_stats` (`created_at`);--> statement-breakpoint
CREATE TABLE `routing_events` (
	`id` integer PRIMARY KEY NOT NULL,
	`timestamp` DATETIME,
	`trace_id` VARCHAR(36) NOT NULL,
	`route_type` VARCHAR(50) NOT NULL,
	`provider_id` VARCHAR(128) NOT NULL,
	`score` FLOAT,
	`reasoning_short` VARCHAR(255)
);
--> statement-breakpoint
CREATE INDEX `idx_routing_events_timestamp` ON `routing_events` (`timestamp`);--> statement-breakpoint
CREATE TABLE `switch_queue_v2` (
	`id` integer PRIMARY KEY NOT NULL,
	`source` VARCHAR(64) NOT NULL,
	`priority` integer,
	`task_type` VARCHAR(50) NOT NULL,
	`payload_hash` VARCHAR(64) NOT NULL,
	`status` VARCHAR(32),
	`created_at` DATETIME,
	`started_at` DATETIME,
	`finished_at` DATETIME,
	`result_size` integer,
	`error_message` VARCHAR(500)
);
--> statement-breakpoint
CREATE TABLE `task_queue` (
	`id` integer PRIMARY KEY NOT NULL,
	`source` VARCHAR(64) NOT NULL,
	`priority` integer,
	`payload` text NOT NULL,
	`status` VARCHAR(32),
	`enqueued_at` DATETIME,
	`dequeued_at` DATETIME,
	`result` text,
	`updated_at` DATETIME
);
--> statement-breakpoint
CREATE TABLE `tokens_usage` (
	`id` integer PRIMARY KEY NOT NULL,
	`token_id` VARCHAR(256) NOT NULL,
	`used_at` DATETIME,
	`used_count` integer,
	`source` VARCHAR(64)
);
--> statement-breakpoint
CREATE TABLE `events` (
	`id` integer PRIMARY KEY NOT NULL,
	`source` VARCHAR(64) NOT NULL,
	`event_type` VARCHAR(64) NOT NULL,
	`payload` text,
	`created_at` DATETIME
);
