/** Who may answer, in order, and what the day has cost. */
import { read, vx11 } from '../../core/api.ts'
import { measured, stored, useReading } from '../../core/reading.ts'
import type { Providers as Report, Usage } from '../../core/shapes.ts'
import { t, word } from '../../texts/index.ts'
import { Answer } from '../../ui/answers.tsx'
import { milliseconds, number } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Facts, Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Rotation } from './rotation.tsx'

export function Providers() {
  const texts = t().chat
  const providers = useReading(() => read(vx11.operator.api.chat.providers.$get()), { every: measured, on: 'gateway.' })
  const usage = useReading(() => read(vx11.operator.api.chat.usage.$get()), { every: stored })
  return (
    <aside class="stack chat-side" aria-label={texts.providers}>
      <Panel title={texts.providers} note={texts.inOrder}>
        <Answer of={providers}>
          {(data) => (
            <ol class="provider-list">
              {data.providers.map((each) => (
                <Provider key={each.name} provider={each} />
              ))}
            </ol>
          )}
        </Answer>
      </Panel>
      <Rotation />
      <Panel title={texts.today} note="UTC">
        <Answer of={usage}>{(data) => <Spent usage={data} />}</Answer>
      </Panel>
    </aside>
  )
}

function Provider({ provider }: { provider: Report['providers'][number] }) {
  const { refusal, stored, last_failure: failure } = provider
  return (
    <li>
      <div class="row between">
        <strong>{plain(provider.name === provider.kind ? provider.label : provider.name, 60)}</strong>
        <State
          state={refusal ?? 'ready'}
          tone={refusal === null ? 'ok' : refusal === 'off_by_policy' ? 'sleep' : 'none'}
          label={refusal === null ? t().chat.mayAnswer : word(t().chat.kinds, refusal)}
        />
      </div>
      <p class="muted small">
        {t().chat.record(
          number(stored?.answered ?? provider.here.answered),
          number(stored?.failed ?? provider.here.failed),
        )}{' '}
        · {milliseconds(stored?.mean_latency_ms ?? provider.here.mean_latency_ms)}
      </p>
      {failure ? (
        <p class="small muted">
          {t().chat.lastFailure}: {word(t().chat.kinds, failure.kind)} {plain(failure.reason ?? '', 120)}
        </p>
      ) : null}
    </li>
  )
}

function Spent({ usage }: { usage: Usage }) {
  const texts = t().chat
  const cost = usage.providers.reduce((sum, { cost_usd }) => sum + (cost_usd ?? 0), 0)
  const known = usage.providers.some(({ cost_usd }) => cost_usd !== null)
  return (
    <Facts
      of={[
        [
          texts.yourTokens,
          usage.tokens_limit === null
            ? number(usage.tokens_used)
            : `${number(usage.tokens_used)} / ${number(usage.tokens_limit)}`,
        ],
        [texts.cost, known ? `${number(cost, 4)} USD` : <span class="muted">{texts.noPrices}</span>],
        ...usage.providers.map(
          (each) =>
            [
              plain(each.provider, 40),
              texts.record(number(each.answered), number(each.asked - each.answered)),
            ] as const,
        ),
      ]}
    />
  )
}
