/** Status, time, decision trace, headers both ways and the body. */
import { link } from '../../core/router.ts'
import { t } from '../../texts/index.ts'
import { bytes, milliseconds } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Json } from '../../ui/json.tsx'
import { Facts, Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import type { Exchanged, Timing } from './exchange.ts'

export function ResponseView({ result }: { result: Exchanged }) {
  const texts = t().try
  return (
    <div class="stack" aria-live="polite">
      <Panel
        title={texts.response}
        note={
          <>
            {milliseconds(result.ms)} · {bytes(result.bytes)}
          </>
        }
        actions={
          result.correlationId ? (
            <a class="small" href={link('timeline', result.correlationId)}>
              {t().views.timeline}
            </a>
          ) : null
        }
      >
        <div class="stack">
          <p class="row">
            <State
              state={result.status < 400 ? 'ok' : result.status < 500 ? 'warn' : 'bad'}
              tone={result.status < 400 ? 'ok' : result.status < 500 ? 'warn' : 'bad'}
              label={`${result.status} ${result.statusText}`}
            />{' '}
            <span class="mono break">
              {result.asked.method} {plain(result.asked.path, 300)}
            </span>
          </p>
          <TimingBar timings={result.timings} total={result.ms} />
          <Json value={result.body === '' ? texts.noBody : result.body} label={texts.body} />
        </div>
      </Panel>
      <div class="columns">
        <Panel title={texts.decision} note="X-VX11-Decision">
          {result.decision.length > 0 ? (
            <Facts
              of={result.decision.map(
                ([name, value]) => [name, <span class="mono">{plain(value, 200)}</span>] as const,
              )}
            />
          ) : (
            <p class="muted">{texts.noDecision}</p>
          )}
        </Panel>
        <Panel title={texts.headersSent}>
          <Headers of={result.asked.headers} />
        </Panel>
        <Panel title={texts.headersBack}>
          <Headers of={result.headers} />
        </Panel>
      </div>
    </div>
  )
}

const Headers = ({ of }: { of: Exchanged['headers'] }) => (
  <Facts of={of.map(([name, value]) => [name, <span class="mono break">{plain(value, 500)}</span>] as const)} />
)

/** `gateway` and `upstream` share a bar; what is left is network and browser. */
function TimingBar({ timings, total }: { timings: readonly Timing[]; total: number }) {
  const known = timings.reduce((sum, { ms }) => sum + ms, 0)
  const parts = [...timings, { name: t().try.network, ms: Math.max(0, total - known) }]
  const whole = Math.max(total, known, 0.001)
  return (
    <div class="timing">
      <div
        class="timing-bar"
        role="img"
        aria-label={parts.map(({ name, ms }) => `${name} ${milliseconds(ms)}`).join(', ')}
      >
        {parts.map((part, index) => (
          <i key={part.name} class={`part-${index}`} style={{ width: `${(part.ms / whole) * 100}%` }} />
        ))}
      </div>
      <ul class="plot-legend">
        {parts.map((part, index) => (
          <li key={part.name}>
            <i class={`part-${index}`} /> {plain(part.name, 40)} <strong>{milliseconds(part.ms)}</strong>
          </li>
        ))}
      </ul>
    </div>
  )
}
