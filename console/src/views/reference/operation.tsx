/** One operation: parameters, answers, an example as curl, and the way to try it. */
import { useState } from 'preact/hooks'
import { gatewayRoot } from '../../core/api.ts'
import { link } from '../../core/router.ts'
import { t } from '../../texts/index.ts'
import { Json } from '../../ui/json.tsx'
import { Table } from '../../ui/table.tsx'
import { type Document, exampleOf, type Operation } from './document.ts'

export function OperationView({ operation, document }: { operation: Operation; document: Document }) {
  const [open, setOpen] = useState(false)
  return (
    <details class="operation" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span class={`method method-${operation.method.toLowerCase()}`}>{operation.method}</span>
        <span class="mono operation-path">{operation.path}</span>
        <span class="muted operation-summary" lang="en">
          {operation.summary}
        </span>
      </summary>
      {open ? <Whole operation={operation} document={document} /> : null}
    </details>
  )
}

function Whole({ operation, document }: { operation: Operation; document: Document }) {
  const texts = t().reference
  const body = operation.requestBody?.content?.['application/json']
  const example = body ? (body.example ?? exampleOf(body.schema, document)) : undefined
  return (
    <div class="stack operation-body">
      {operation.description ? <p lang="en">{operation.description}</p> : null}
      {operation.parameters?.length ? (
        <Table
          label={texts.parameters}
          rows={operation.parameters}
          rowKey={(row) => row.in + row.name}
          columns={[
            {
              name: texts.parameter,
              cell: (row) => (
                <span class="mono">
                  {row.name}
                  {row.required ? ' *' : ''}
                </span>
              ),
            },
            { name: texts.in, cell: (row) => row.in },
            { name: texts.about, cell: (row) => <span lang="en">{row.description ?? ''}</span> },
          ]}
        />
      ) : null}
      <Json value={curl(operation, example)} label="curl" />
      <p class="row">
        {Object.entries(operation.responses ?? {}).map(([status, { description }]) => (
          <span key={status} class="chip" title={description}>
            {status}
          </span>
        ))}
        <a class="button" href={link('try', null, { method: operation.method, path: operation.path })}>
          {t().views.try}
        </a>
      </p>
    </div>
  )
}

function curl({ method, path, security }: Operation, body: unknown): string {
  const parts = [`curl ${method === 'GET' ? '' : `-X ${method} `}'${gatewayRoot.replace(/\/$/, '')}${path}'`]
  if (security === undefined || security.length > 0) parts.push(`-H "X-VX11-Token: $VX11_TOKEN"`)
  if (body !== undefined) parts.push(`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(body)}'`)
  return parts.join(' \\\n  ')
}
