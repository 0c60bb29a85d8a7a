/** What each group of operations is about. A group that is missing here does not compile. */

const descriptions = {
  Audit: 'Runs of manifestator with their findings and evidence.',
  Chat: 'Messages, conversations, and the models that answer.',
  Configuration: 'The configuration in force.',
  Console: 'The operator’s console and the way to it.',
  Database: 'What the tables hold.',
  Events: 'Storing, listing and following events.',
  Health: 'Whether the process answers and may take traffic.',
  Hermes: 'Engines, models and command-line tools.',
  Hormiguero: 'Incidents and scans.',
  INEE: 'The colonies of hormiguero.',
  Intents: 'Intents to madre and their results.',
  Keys: 'Tokens of the database: made, limited, rerolled and revoked here.',
  Login: 'Sessions of the operator backend, and who a token is.',
  Maintenance: 'Backups and retention of the database.',
  Metrics: 'Stored measurements, and Prometheus.',
  Notifications: 'Where problems and their ends are told.',
  Power: 'Services and the power policy, by madre.',
  Rails: 'Rules and lanes of manifestator.',
  Reference: 'This interface, described by itself.',
  Settings: 'What the operator’s console keeps.',
  Shub: 'What the gateway knows of shub.',
  Spawner: 'Commands that run and ran at the spawner.',
  Status: 'What is up, what sleeps and why.',
  Truth: 'What runs, as measured, with its history.',
  'Status page': 'What everybody may know: whether the services answer.',
  Windows: 'Power windows: which services run, and until when.',
} as const

export type Tag = keyof typeof descriptions

export const tags = Object.entries(descriptions).map(([name, description]) => ({ name, description }))
