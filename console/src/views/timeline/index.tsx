/** One correlation id from its first trace to its last; without an id, the recent ones and their graph. */
import { place } from '../../core/router.ts'
import { Recent } from './recent.tsx'
import { Search } from './search.tsx'
import { Waterfall } from './waterfall.tsx'
import './timeline.css'

export default function Timeline() {
  const { id } = place.value
  return (
    <div class="stack">
      <Search key={id} id={id} />
      {id ? <Waterfall key={id} id={id} /> : <Recent />}
    </div>
  )
}
