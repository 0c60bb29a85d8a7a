/** The HTTP API as the running gateway describes it, with examples to copy and to try. */
import { call, gatewayRoot } from '../../core/api.ts'
import { useReading } from '../../core/reading.ts'
import { place, setQuery } from '../../core/router.ts'
import { t } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Panel } from '../../ui/panel.tsx'
import { type Document, operationsOf } from './document.ts'
import { OperationView } from './operation.tsx'
import './reference.css'

export default function Reference() {
  const texts = t().reference
  const document = useReading(() => call<Document>('openapi.json'))
  const wanted = place.value.query.get('find') ?? ''
  return (
    <Answer of={document}>
      {(data) => {
        const groups = operationsOf(data, wanted)
        return (
          <div class="stack">
            <div class="filters">
              <div class="grow field">
                <TextField label={texts.find} value={wanted} onInput={(find) => setQuery({ find })} type="search" />
              </div>
              <span class="muted small">
                {data.info.title} {data.info.version} · <span class="mono">{gatewayRoot}</span>
              </span>
            </div>
            {groups.length === 0 ? (
              <Panel>
                <Empty icon="reference" title={texts.nothing} />
              </Panel>
            ) : null}
            {groups.map(([tag, operations]) => (
              <Panel key={tag} title={tag} lang="en" note={String(operations.length)} flush>
                {operations.map((operation) => (
                  <OperationView key={`${operation.method} ${operation.path}`} operation={operation} document={data} />
                ))}
              </Panel>
            ))}
          </div>
        )
      }}
    </Answer>
  )
}
