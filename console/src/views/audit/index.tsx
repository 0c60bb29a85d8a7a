/** Who did what, and manifestator's audit runs. */
import { place } from '../../core/router.ts'
import { Acts } from './acts.tsx'
import { AuditRun } from './run.tsx'
import { AuditRuns } from './runs.tsx'

export default function Audit() {
  const { id } = place.value
  if (id) return <AuditRun key={id} id={id} />
  return (
    <div class="stack">
      <Acts />
      <AuditRuns />
    </div>
  )
}
