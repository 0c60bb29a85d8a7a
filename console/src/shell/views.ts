/** Every view: its name in the address, its group in the navigation, and the file that is loaded with it. */
import type { ComponentType } from 'preact'
import type { Texts } from '../texts/en.ts'

export type ViewName = keyof Texts['views']
export type Group = keyof Texts['groups']

interface View {
  name: ViewName
  group: Group
  load: () => Promise<{ default: ComponentType }>
  /** What it asks as soon as it is drawn. */
  first?: readonly string[]
}

export const views: readonly View[] = [
  {
    name: 'overview',
    group: 'operate',
    load: () => import('../views/overview/index.tsx'),
    first: ['status', 'topology', 'truth', 'scorecard', 'gates'].map((name) => `operator/api/${name}`),
  },
  { name: 'windows', group: 'operate', load: () => import('../views/windows/index.tsx') },
  { name: 'chat', group: 'operate', load: () => import('../views/chat/index.tsx') },
  { name: 'events', group: 'observe', load: () => import('../views/events/index.tsx') },
  { name: 'timeline', group: 'observe', load: () => import('../views/timeline/index.tsx') },
  { name: 'traffic', group: 'observe', load: () => import('../views/traffic/index.tsx') },
  { name: 'truth', group: 'observe', load: () => import('../views/truth/index.tsx') },
  { name: 'drift', group: 'observe', load: () => import('../views/drift/index.tsx') },
  { name: 'database', group: 'data', load: () => import('../views/database/index.tsx') },
  { name: 'settings', group: 'data', load: () => import('../views/settings/index.tsx') },
  { name: 'audit', group: 'data', load: () => import('../views/audit/index.tsx') },
  { name: 'rails', group: 'modules', load: () => import('../views/rails/index.tsx') },
  { name: 'spawner', group: 'modules', load: () => import('../views/spawner/index.tsx') },
  { name: 'hormiguero', group: 'modules', load: () => import('../views/hormiguero/index.tsx') },
  { name: 'hermes', group: 'modules', load: () => import('../views/hermes/index.tsx') },
  { name: 'intents', group: 'modules', load: () => import('../views/intents/index.tsx') },
  { name: 'try', group: 'develop', load: () => import('../views/try/index.tsx') },
  { name: 'reference', group: 'develop', load: () => import('../views/reference/index.tsx') },
  { name: 'keys', group: 'develop', load: () => import('../views/keys/index.tsx') },
]

export const groups: readonly Group[] = ['operate', 'observe', 'data', 'modules', 'develop']

export const viewNamed = (name: string): View | undefined => views.find((view) => view.name === name)

const loaded = new Map<View['load'], ComponentType>()

/** Its component, where its files are there already. */
export const loadedView = (load: View['load']): ComponentType | undefined => loaded.get(load)

export async function loadView(load: View['load']): Promise<ComponentType> {
  const { default: view } = await load()
  loaded.set(load, view)
  return view
}
