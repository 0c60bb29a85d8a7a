/** Size, rows, integrity and backup; what was not measured says why. */
import type { Maintenance, Summary } from '../../core/shapes.ts'
import { t, word } from '../../texts/index.ts'
import { bytes, number } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Figure } from '../../ui/panel.tsx'
import { Time } from '../../ui/time.tsx'

export function AtAGlance({
  summary: { database },
  maintenance,
}: {
  summary: Summary
  maintenance: Maintenance | undefined
}) {
  const texts = t().database
  const why = (name: string) => (database.unmeasured[name] ? word(t().reasons, database.unmeasured[name]) : null)
  const backup = maintenance?.last?.steps.backup
  return (
    <div class="figures-row">
      <Figure label={texts.size} value={bytes(database.size_bytes)} note={<Time at={database.measured_at} ago />} />
      <Figure label={texts.tables} value={number(database.tables)} />
      <Figure
        label={texts.rows}
        value={number(database.rows)}
        note={database.rows === null ? why('rows') : <Time at={database.rows_counted_at} ago />}
      />
      <Figure
        label={texts.integrity}
        value={database.integrity === null ? '–' : plain(database.integrity, 60)}
        tone={database.integrity === null ? 'none' : database.integrity === 'ok' ? 'ok' : 'bad'}
        note={database.integrity === null ? why('integrity') : <Time at={database.integrity_checked_at} ago />}
      />
      <Figure
        label={texts.lastBackup}
        value={backup?.result ? bytes(backup.result.bytes) : '–'}
        tone={backup?.status === 'failed' ? 'bad' : 'none'}
        note={
          backup?.result ? (
            <>
              <Time at={maintenance?.last?.finished_at} ago /> ·{' '}
              <span class="mono">{plain(backup.result.file.split('/').at(-1) ?? '', 60)}</span>
            </>
          ) : (
            (backup?.reason ?? texts.noBackup)
          )
        }
      />
    </div>
  )
}
