/** The three files of v7's map generator, under their names: schema as JSON, map as Markdown, and what is known of the whole. */
import { readSize } from '../../../db/size.ts'
import { done, type StepContext } from '../outcome.ts'
import { readSchemaMap, type TableMap } from './schema-map.ts'

/** Writes a file whole or not at all, and gives its path. */
export type SaveFile = (name: string, text: string) => Promise<string>

export const writeMap = (save: SaveFile, database: string) => async (context: StepContext) => {
  const { db, clock, steps } = context
  const tables = await readSchemaMap(db, steps.counts?.result?.tables ?? {})
  const generatedAt = new Date(clock.now()).toISOString()
  const schema = { generated_at: generatedAt, database, tables }
  const files = [
    await save('DB_SCHEMA_v7_FINAL.json', `${JSON.stringify(schema, null, 2)}\n`),
    await save('DB_MAP_v7_FINAL.md', markdown(tables, generatedAt, database)),
    await save('DB_MAP_v7_META.txt', await meta(context)),
  ]
  return done({ files })
}

async function meta({ db, steps: { integrity_check: check } }: StepContext): Promise<string> {
  const integrity = check?.result?.verdict ?? 'SKIPPED'
  const lines = {
    integrity,
    integrity_skipped: check?.result ? 0 : 1,
    size_bytes: await readSize(db).catch(() => null),
  }
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${value ?? 'unknown'}\n`)
    .join('')
}

function markdown(tables: readonly TableMap[], generatedAt: string, database: string): string {
  const head = `# VX11 Database Map\n\n**Generated:** ${generatedAt}\n**Database:** \`${database}\`\n\n## Tables (${tables.length})\n`
  return `${head}${tables.map(tableSection).join('')}`
}

function tableSection(table: TableMap): string {
  const lines = [
    ...(table.module ? [`- **Module:** ${table.module}`] : []),
    `- **Rows:** ${table.rows ?? 'not counted'}`,
    '- **Columns:**',
    ...table.columns.map(columnLine),
    ...section('Foreign keys', table.foreign_keys.map(keyLine)),
    ...section('Indexes', table.indexes.map(indexLine)),
    ...section(
      'Checks',
      table.checks.map((check) => `\`${oneLine(check)}\``),
    ),
  ]
  return `\n### ${table.table} (${table.status})\n\n${lines.join('\n')}\n`
}

const section = (title: string, lines: string[]) =>
  lines.length > 0 ? [`- **${title}:**`, ...lines.map((line) => `  - ${line}`)] : []

const columnLine = ({ name, type, pk, notnull }: TableMap['columns'][number]) =>
  `  - \`${name}\` ${[type, pk && 'PK', notnull && 'NOT NULL'].filter(Boolean).join(' ')}`.trimEnd()

const keyLine = ({ from, table, to, on_update, on_delete }: TableMap['foreign_keys'][number]) =>
  `\`${from}\` -> \`${table}.${to ?? 'its key'}\` (ON UPDATE ${on_update}, ON DELETE ${on_delete})`

const indexLine = ({ name, unique, partial, columns }: TableMap['indexes'][number]) =>
  `\`${name}\` (${columns.map((column) => column ?? 'expression').join(', ')})${unique ? ' UNIQUE' : ''}${partial ? ' PARTIAL' : ''}`

const oneLine = (text: string) => text.replace(/\s+/g, ' ')
