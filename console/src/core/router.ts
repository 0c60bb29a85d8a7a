/** Where we are: `#/view/id?filter=…`. The fragment never reaches a server, and works behind any prefix. */
import { computed, signal } from '@preact/signals'

export interface Place {
  view: string
  id: string | null
  query: URLSearchParams
}

const hash = signal(location.hash)
addEventListener('hashchange', () => {
  hash.value = location.hash
})

export const place = computed<Place>(() => placeOf(hash.value))

export function placeOf(fragment: string): Place {
  const [path = '', query = ''] = fragment.replace(/^#\/?/, '').split(/\?(.*)/s)
  const [view, ...rest] = path.split('/')
  return {
    view: view || 'overview',
    id: rest.length > 0 ? decoded(rest.join('/')) : null,
    query: new URLSearchParams(query),
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export function link(view: string, id?: string | null, query?: Record<string, string>): string {
  const search = new URLSearchParams(query).toString()
  return `#/${view}${id ? `/${encodeURIComponent(id)}` : ''}${search ? `?${search}` : ''}`
}

export function go(target: string): void {
  location.hash = target
}

/** Changes filters in place; an empty value takes the filter away. */
export function setQuery(changes: Record<string, string | null>): void {
  const { view, id, query } = place.value
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value)
    else query.delete(name)
  }
  const target = link(view, id, Object.fromEntries(query))
  history.replaceState(null, '', target)
  hash.value = target
}
