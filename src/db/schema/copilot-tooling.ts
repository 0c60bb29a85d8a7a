/** What the coding tools know of the repository, its workflows and the services they probed. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { autoincrementKey, currentTimestamp, timestamp } from './columns.ts'

/** One action of the coding agent. */
export const copilotActionsLog = sqliteTable('copilot_actions_log', {
  id: autoincrementKey(),
  sessionId: text('session_id'),
  timestamp: timestamp().default(currentTimestamp),
  action: text(),
  mode: text(),
  filesTouched: integer('files_touched').default(0),
  gitCommit: text('git_commit'),
  status: text(),
  notes: text(),
  actionType: text('action_type').default('generic'),
})

/** One repository path known to the coding agent. */
export const copilotRepoMap = sqliteTable('copilot_repo_map', {
  id: autoincrementKey(),
  path: text().unique(),
  fileHash: text('file_hash'),
  // file or dir.
  fileType: text('file_type'),
  status: text().default('tracked'),
  createdAt: timestamp('created_at').default(currentTimestamp),
  updatedAt: timestamp('updated_at').default(currentTimestamp),
  content: text(),
  metaJson: text('meta_json'),
})

/** Last probe result of one service. */
export const copilotRuntimeServices = sqliteTable('copilot_runtime_services', {
  id: autoincrementKey(),
  // tentaculo_link, madre, switch, hermes, hormiguero, manifestator, mcp, shubniggurath, spawner or operator.
  serviceName: text('service_name').unique(),
  host: text().default('localhost'),
  port: integer(),
  healthUrl: text('health_url'),
  // Lower case from the scan, upper case (OK, BROKEN, UNKNOWN) from the probe.
  status: text().default('unknown'),
  lastCheck: timestamp('last_check'),
  createdAt: timestamp('created_at').default(currentTimestamp),
  httpCode: integer('http_code'),
  latencyMs: integer('latency_ms'),
  // The path that answered 200.
  endpointOk: text('endpoint_ok'),
  // First 100 characters of the answer.
  snippet: text(),
  // ISO text written by the probe.
  checkedAt: timestamp('checked_at'),
})

/** One CI workflow file. */
export const copilotWorkflowsCatalog = sqliteTable('copilot_workflows_catalog', {
  id: autoincrementKey(),
  workflowFile: text('workflow_file').unique(),
  workflowName: text('workflow_name'),
  triggers: text(),
  jobs: text(),
  createdAt: timestamp('created_at').default(currentTimestamp),
})
