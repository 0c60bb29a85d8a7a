/** The boxes that views are made of. */
import type { ComponentChildren } from 'preact'

interface PanelProps {
  title?: string
  /** Of the title, where it is not the page's. */
  lang?: string
  note?: ComponentChildren
  actions?: ComponentChildren
  children: ComponentChildren
  flush?: boolean
  class?: string
}

export function Panel({ title, lang, note, actions, children, flush = false, class: extra = '' }: PanelProps) {
  return (
    <section class={`panel ${flush ? 'flush' : ''} ${extra}`} aria-label={lang ? undefined : title}>
      {title || actions ? (
        <header class="panel-head">
          {title ? <h2 lang={lang}>{title}</h2> : null}
          {note ? <span class="note">{note}</span> : null}
          {actions ? <div class="actions">{actions}</div> : null}
        </header>
      ) : null}
      <div class="panel-body">{children}</div>
    </section>
  )
}

export function Figure({
  label,
  value,
  note,
  tone = 'none',
}: {
  label: string
  value: ComponentChildren
  note?: ComponentChildren
  tone?: string
}) {
  return (
    <div class={`figure tone-${tone}`}>
      <span class="figure-label">{label}</span>
      <span class="figure-value">{value}</span>
      {note ? <span class="figure-note">{note}</span> : null}
    </div>
  )
}

export function Facts({ of }: { of: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
