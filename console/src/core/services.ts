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
