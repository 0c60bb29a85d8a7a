/** A message with who said it, how it reasoned, and what it cost. */
import { useEffect, useState } from 'preact/hooks'
import { link } from '../../core/router.ts'
import type { Session } from '../../core/shapes.ts'
import { t, word } from '../../texts/index.ts'
import { Failure } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { copy } from '../../ui/copy.ts'
import { milliseconds, number } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { State } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import type { Envelope, Exchange } from './exchange.ts'
import { Thumbs } from './thumbs.tsx'

type Stored = Session['messages'][number]

export function Message({ message, reload }: { message: Stored; reload: () => Promise<void> }) {
  const isQuestion = message.role === 'user'
  const envelope = message.metadata as Partial<Envelope> & { thumb?: 'up' | 'down' | null }
  return (
    <article class={`message ${isQuestion ? 'question' : 'answer'}`}>
      {isQuestion ? (
        <bdi class="said">{plain(message.content)}</bdi>
      ) : (
        <Answered text={message.content} envelope={envelope} reasoning={envelope.reasoning ?? ''} />
      )}
      <footer class="muted small">
        <Time at={message.timestamp} />
        <Button kind="quiet" bare icon="copy" label={t().actions.copy} onRun={() => copy(message.content)} />
        {isQuestion || !envelope.provider ? null : (
          <Thumbs id={message.message_id} thumb={envelope.thumb ?? null} reload={reload} />
        )}
      </footer>
    </article>
  )
}

export function StreamedMessage({ exchange }: { exchange: Exchange }) {
  if (exchange.question === null) return null
  return (
    <>
      <article class="message question">
        <bdi class="said">{plain(exchange.question)}</bdi>
      </article>
      <article class="message answer" aria-busy={exchange.running}>
        {exchange.text || exchange.reasoning ? (
          <Answered text={exchange.text} envelope={exchange.envelope} reasoning={exchange.reasoning} />
        ) : null}
        {exchange.running && !exchange.text ? (
          <p class="thinking" role="status">
            <i />
            <i />
            <i />
            <span class="visually-hidden">{t().chat.thinking}</span>
          </p>
        ) : null}
        {exchange.problem ? <Failure problem={exchange.problem} /> : null}
      </article>
    </>
  )
}

function Answered({ text, envelope, reasoning }: { text: string; envelope: Partial<Envelope>; reasoning: string }) {
  const texts = t().chat
  return (
    <>
      {reasoning ? (
        <details class="reasoning">
          <summary>{texts.reasoning}</summary>
          <bdi class="said">{plain(reasoning)}</bdi>
        </details>
      ) : null}
      <Markdown text={text} />
      {envelope.provider ? (
        <div class="provenance">
          <span>
            {texts.answeredBy}{' '}
            <strong>
              {plain(
                envelope.model && envelope.model !== envelope.provider
                  ? `${envelope.provider} · ${envelope.model}`
                  : envelope.provider,
                80,
              )}
            </strong>
          </span>
          {envelope.decision ? <span>{t().rotation.reasons[envelope.decision.reason]}</span> : null}
          {envelope.degraded ? <State state="degraded" /> : null}
          {envelope.latency_ms === undefined ? null : <span>{milliseconds(envelope.latency_ms)}</span>}
          {envelope.usage ? <span>{texts.tokens(number(envelope.usage.total_tokens))}</span> : null}
          {envelope.cost_usd ? <span>{number(envelope.cost_usd, 5)} USD</span> : null}
          {envelope.correlation_id ? (
            <a href={link('timeline', envelope.correlation_id)}>{t().views.timeline}</a>
          ) : null}
        </div>
      ) : null}
      {envelope.warnings?.length ? (
        <details class="warnings">
          <summary>{texts.whyNot}</summary>
          <ul>
            {envelope.warnings.map((warning) => (
              <li key={warning}>
                <Warning text={warning} />
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  )
}

/** `switch: off_by_policy (reason)`. */
function Warning({ text }: { text: string }) {
  const [, who, kind, rest] = /^([^:]+): (\w+)(.*)$/s.exec(text) ?? []
  return (
    <>{who && kind ? `${plain(who, 60)}: ${word(t().chat.kinds, kind)}${plain(rest ?? '', 200)}` : plain(text, 300)}</>
  )
}

/** Text until the Markdown reader is loaded, and where it fails. */
function Markdown({ text }: { text: string }) {
  const [holder, setHolder] = useState<HTMLDivElement | null>(null)
  const [drawn, setDrawn] = useState(false)
  useEffect(() => {
    if (!holder) return
    let current = true
    import('./markdown.ts').then(
      ({ draw }) => {
        if (!current) return
        holder.replaceChildren(draw(text))
        setDrawn(true)
      },
      () => undefined,
    )
    return () => {
      current = false
    }
  }, [holder, text])
  return (
    <div class="said markdown" dir="auto">
      {drawn ? null : <bdi>{plain(text)}</bdi>}
      <div ref={setHolder} />
    </div>
  )
}
