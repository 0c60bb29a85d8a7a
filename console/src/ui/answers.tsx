/** Loading, empty, failed: the three states of every reading, designed once. */
import type { ComponentChildren } from 'preact'
import type { Problem } from '../core/problem.ts'
import type { Reading } from '../core/reading.ts'
import { t, word } from '../texts/index.ts'
import { Button } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'
import { problemWords } from './problem-words.ts'
import { Said } from './said.tsx'
import { Time } from './time.tsx'

export function Loading() {
  return (
    <div class="loading" role="status">
      <span class="visually-hidden">{t().answers.loading}</span>
      <i />
      <i />
      <i />
    </div>
  )
}

export function Empty({
  icon = 'dash',
  title,
  children,
}: {
  icon?: IconName
  title: string
  children?: ComponentChildren
}) {
  return (
    <div class="empty">
      <Icon name={icon} size={28} />
      <p class="empty-title">{title}</p>
      {children ? <div class="muted">{children}</div> : null}
    </div>
  )
}

export function Failure({ problem, retry }: { problem: Problem; retry?: () => void }) {
  const { title, hint, said } = problemWords(problem)
  return (
    <div class="failure" role="alert">
      <Icon name="alert" size={20} />
      <div>
        <p class="failure-title">{title}</p>
        {hint ? <p class="muted">{hint}</p> : null}
        {said ? <SaidBeyond text={said} /> : null}
        {problem.hint && problem.hint !== said ? (
          <p class="hint">
            <Said text={problem.hint} limit={500} />
          </p>
        ) : null}
        {problem.correlationId ? <p class="muted small mono">{problem.correlationId}</p> : null}
      </div>
      {retry ? <Button onRun={retry} icon="refresh" label={t().answers.again} /> : null}
    </div>
  )
}

const SaidBeyond = ({ text }: { text: string }) => (
  <p class="muted">
    <Said text={text} limit={500} />
  </p>
)

/** Some routes answer 200 with empty lists where they could not read them: that is no "nothing there". */
const unreadWords = ['database_unavailable', 'feature_disabled']

function unreadReason(data: unknown): string | null {
  const error = typeof data === 'object' && data !== null && 'error' in data ? data.error : null
  return typeof error === 'string' && unreadWords.includes(error) ? error : null
}

export function Unread({ reason }: { reason: string }) {
  return (
    <div class="failure" role="status">
      <Icon name="alert" size={20} />
      <p class="failure-title">{word(t().problems, reason)}</p>
    </div>
  )
}

/** What a reading holds, or why it holds nothing; an old value stays, with its age. */
export function Answer<T>({ of, children }: { of: Reading<T>; children: (data: T) => ComponentChildren }) {
  if (of.data === undefined)
    return of.problem ? <Failure problem={of.problem} retry={() => void of.reload()} /> : <Loading />
  const unread = unreadReason(of.data)
  if (unread) return <Unread reason={unread} />
  return (
    <>
      {of.problem ? (
        <p class="stale" role="status">
          <Icon name="alert" size={14} /> {t().answers.stale} <Time at={of.at} ago /> –{' '}
          {word(t().problems, of.problem.code)}
        </p>
      ) : null}
      {children(of.data)}
    </>
  )
}
