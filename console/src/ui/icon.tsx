/** Icons as strokes of our own, 20 by 20; always beside a word or with a label. */

const paths = {
  overview: 'M3 10l7-6 7 6M5 9v8h10V9M8.5 17v-5h3v5',
  windows: 'M10 2.5v7M5.5 5.2a7 7 0 109 0',
  chat: 'M3 4h14v9H9l-4 3.5V13H3z',
  events: 'M3 5h14M3 10h14M3 15h9',
  timeline: 'M3 5h6M7 10h8M11 15h6M3 3v14',
  traffic: 'M3 15l4-6 3 3 4-8 3 5',
  truth: 'M4 10.5l4 4 8-9',
  drift: 'M3 10h5M12 6h5M12 14h5M8 10c2 0 2-4 4-4M8 10c2 0 2 4 4 4',
  database: 'M4 5c0-1.7 12-1.7 12 0v10c0 1.7-12 1.7-12 0zM4 5c0 1.7 12 1.7 12 0M4 10c0 1.7 12 1.7 12 0',
  settings: 'M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4',
  audit: 'M5 3h7l3 3v11H5zM8 9h4M8 12h4',
  rails: 'M7 3v14M13 3v14M7 6h6M7 10h6M7 14h6',
  spawner: 'M10 3v5M10 8l-5 4v5M10 8l5 4v5',
  hormiguero:
    'M10 7a2 2 0 100-4 2 2 0 000 4zM10 13a3 3 0 100-6 3 3 0 000 6zM10 17.5a2.3 2.3 0 100-4.5 2.3 2.3 0 000 4.500zM4 7l3.5 2M16 7l-3.5 2M4 14l3.5-3M16 14l-3.5-3',
  hermes: 'M4 13c5 0 5-6 12-8-1 5-4 9-9 9M7 14l-3 3',
  intents: 'M10 17a7 7 0 100-14 7 7 0 000 14zM10 13a3 3 0 100-6 3 3 0 000 6z',
  keys: 'M8 12a4 4 0 110-5l9 0v3h-2v2h-3v-2H9',
  try: 'M5 4l11 6-11 6z',
  reference: 'M4 4h5c1 0 1 1 1 1s0-1 1-1h5v12h-5c-1 0-1 1-1 1s0-1-1-1H4zM10 5v12',
  search: 'M9 14A5 5 0 109 4a5 5 0 000 10zM13 13l4 4',
  sun: 'M10 13a3 3 0 100-6 3 3 0 000 6zM10 2v2M10 16v2M2 10h2M16 10h2M4.5 4.500l1.4 1.400M14.1 14.100l1.4 1.400M4.5 15.500l1.4-1.400M14.1 5.900l1.4-1.4',
  moon: 'M16 12A7 7 0 018 4a7 7 0 108 8z',
  system: 'M3 4h14v9H3zM7 17h6M10 13v4',
  leave: 'M8 4H4v12h4M8 10h9M14 7l3 3-3 3',
  menu: 'M3 5h14M3 10h14M3 15h14',
  close: 'M5 5l10 10M15 5L5 15',
  check: 'M4 10.500l4 4 8-9',
  cross: 'M5 5l10 10M15 5L5 15',
  alert: 'M10 3l8 14H2zM10 8v4M10 14.500v.5',
  info: 'M10 17a7 7 0 100-14 7 7 0 000 14zM10 9v5M10 6.500v.5',
  question: 'M7.5 7.500a2.5 2.5 0 113.5 2.300c-1 .5-1 1.2-1 2.200M10 14.500v.5',
  dash: 'M5 10h10',
  archive: 'M3 4h14v3H3zM4.5 7v9h11V7M8 10h4',
  copy: 'M7 7h9v9H7zM13 7V4H4v9h3',
  pause: 'M7 4v12M13 4v12',
  play: 'M6 4l10 6-10 6z',
  thumbUp: 'M3 9h3v8H3zM6 9l3-6c2 0 2.500 1 2 3l-.5 2H16l-1.500 9H6',
  thumbDown: 'M3 11h3V3H3zM6 11l3 6c2 0 2.500-1 2-3l-.5-2H16l-1.500-9H6',
  down: 'M10 4v12M5 11l5 5 5-5',
  trash: 'M4 6h12M8 6V4h4v2M6 6l1 11h6l1-11',
  edit: 'M4 16l1-4 8-8 3 3-8 8z',
  plus: 'M10 4v12M4 10h12',
  refresh: 'M16 10a6 6 0 11-2-4.500M16 3v4h-4',
  arrow: 'M4 10h12M11 5l5 5-5 5',
  external: 'M8 4H4v12h12v-4M11 4h5v5M16 4l-7 7',
} as const

export type IconName = keyof typeof paths

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  )
}
