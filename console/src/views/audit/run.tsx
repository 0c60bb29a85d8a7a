/** One audit run with its findings, and its evidence to download. */

import type { AuditDetail } from '../../../../src/features/audit/schema.ts'
import { call, send } from '../../core/api.ts'
import { problemOf } from '../../core/problem.ts'
import { stored, useReading } from '../../core/reading.ts'
import { link } from '../../core/router.ts'
import { t, word } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { saveAs } from '../../ui/copy.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Json } from '../../ui/json.tsx'
import { Facts, Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'

export function AuditRun({ id }: { id: string }) {
  const texts = t().audit
  const run = useReading(() => call<AuditDetail>(`operator/api/audit/${encodeURIComponent(id)}`), {
    key: id,
    every: stored,
  })
  const download = async () => {
    const response = await send(`operator/api/audit/${encodeURIComponent(id)}/download`)
    if (!response.ok) throw await problemOf(response)
    saveAs(await response.blob(), `${id}.zip`)
  }
  return (
    <div class="stack">
      <p>
        <a href={link('audit')}>← {t().views.audit}</a>
      </p>
      <Answer of={run}>
        {(data) => (
          <>
            <Panel
              title={plain(data.audit_id, 80)}
              actions={<Button icon="down" label={texts.evidence} onRun={download} />}
            >
              <Facts
                of={[
                  [texts.status, <State state={data.status} />],
                  [texts.when, <Time at={data.run_ts} date />],
                  [texts.summary, <bdi>{plain(data.summary ?? '–', 2000)}</bdi>],
                  [
                    texts.applied,
                    data.applied_at ? (
                      <>
                        <Time at={data.applied_at} date /> · {plain(data.applied_by ?? '', 60)}
                      </>
                    ) : (
                      '–'
                    ),
                  ],
                  [
                    texts.artifacts,
                    data.artifacts === null ? (
                      '–'
                    ) : (
                      <ul>
                        {data.artifacts.map((path) => (
                          <li key={path} class="mono break">
                            {plain(path, 200)}
                          </li>
                        ))}
                      </ul>
                    ),
                  ],
                ]}
              />
            </Panel>
            <Panel title={texts.findings}>
              {data.findings === null ? (
                <Empty title={data.reason ? word(t().reasons, data.reason) : texts.noFindings} />
              ) : (
                <Json value={data.findings} label={texts.findings} />
              )}
            </Panel>
          </>
        )}
      </Answer>
    </div>
  )
}
