/** Why VX11 is not whole, and what to do about it. */
import type { Status } from '../../core/shapes.ts'
import { t, word } from '../../texts/index.ts'
import { whatToDo } from '../../ui/advice.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Icon } from '../../ui/icon.tsx'

/** `shub: timeout` in words, as far as there are any. */
function inWords(reason: string): string {
  const [, name, code, rest = ''] = /^([\w-]+): (\w+)(: .*)?$/s.exec(reason) ?? []
  if (!name || !code) return reason
  const { reasons, problems } = t()
  return `${name}: ${Object.hasOwn(reasons, code) ? word(reasons, code) : word(problems, code)}${rest}`
}

/** The hint of the service that a reason begins with. */
function hintFor(reason: string, status: Status): string | null {
  const name = reason.split(/[:\s]/)[0] ?? ''
  const known = name === 'shub' ? 'shubniggurath' : name
  const service = { ...status.optional_services, ...status.core_services }[known]
  return service ? whatToDo({ ...service, name: known }) : null
}

export function Reasons({ status }: { status: Status }) {
  if (status.errors.length === 0) return null
  return (
    <div class="notice tone-warn" role="status">
      <Icon name="alert" />
      <div>
        <strong>{t().overview.degraded}</strong>
        <ul class="reasons">
          {status.errors.map((reason) => (
            <li key={reason}>
              {plain(inWords(reason), 300)}
              {hintFor(reason, status) ? (
                <span class="hint">
                  {' '}
                  {t().overview.whatToDo}: {hintFor(reason, status)}
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
