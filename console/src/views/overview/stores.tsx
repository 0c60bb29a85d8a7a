/** Database, cache and limits in a few lines. */
import { link } from '../../core/router.ts'
import type { Status } from '../../core/shapes.ts'
import { t, word } from '../../texts/index.ts'
import { milliseconds, number } from '../../ui/format.ts'
import { Facts, Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'

export function Stores({ status }: { status: Status }) {
  const texts = t().overview
  const { db_health: db } = status.data
  const { limiter } = status
  return (
    <Panel
      title={texts.stores}
      actions={
        <a class="small" href={link('database')}>
          {t().views.database}
        </a>
      }
    >
      <Facts
        of={[
          [
            texts.database,
            <>
              <State state={db.status === 'ok' ? 'UP' : 'DOWN'} />{' '}
              <span class="muted">{milliseconds(db.latency_ms)}</span>
            </>,
          ],
          [texts.size, db.size_mb === null ? '–' : `${number(db.size_mb, 1)} MiB`],
          [texts.tables, number(db.tables)],
          [texts.rows, db.rows_total === null ? <Missing reason={db.unmeasured.rows} /> : number(db.rows_total)],
          [
            texts.integrity,
            db.integrity === null ? (
              <Missing reason={db.unmeasured.integrity} />
            ) : (
              <>
                {db.integrity} · <Time at={db.integrity_checked_at} ago />
              </>
            ),
          ],
          [
            texts.backup,
            db.last_backup === null ? <Missing reason={db.unmeasured.backups} /> : <Time at={db.last_backup} ago />,
          ],
          [
            texts.limiter,
            <>
              <State state={limiter.status} /> <span class="muted">{word(t().stores, limiter.store)}</span>
            </>,
          ],
          [
            texts.cache,
            <State
              state={status.core_services.redis?.status}
              label={`Redis · ${word(t().states, status.core_services.redis?.status)}`}
            />,
          ],
        ]}
      />
    </Panel>
  )
}

const Missing = ({ reason }: { reason: string | undefined }) => (
  <span class="muted">– {reason ? word(t().reasons, reason) : ''}</span>
)
