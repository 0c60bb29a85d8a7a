/** VX11's services by the names that the gateway's truth uses. */
export const services = [
  'tentaculo_link',
  'madre',
  'switch',
  'hermes',
  'hormiguero',
  'manifestator',
  'mcp',
  'shubniggurath',
  'spawner',
  'operator',
] as const

/** The status calls the operator's backend by its compose name. */
export const truthName = (id: string) => (id === 'operator-backend' ? 'operator' : id)
