/** Commands that begin with a slash go to the route that does what they say. */
import { call } from '../../core/api.ts'

export interface Command {
  command: 'status' | 'open_window' | 'close_window'
  args: Record<string, unknown>
}

/** `/status`, `/open switch,hermes 600`, `/close`. */
export function commandOf(message: string): Command | null {
  const [, name, rest = ''] = /^\/(\w+)\s*(.*)$/s.exec(message.trim()) ?? []
  if (name === 'status') return { command: 'status', args: {} }
  if (name === 'close') return { command: 'close_window', args: {} }
  if (name !== 'open') return null
  const [services = '', ttl] = rest.split(/\s+(?=\d+$)/)
  return {
    command: 'open_window',
    args: { services: services.split(/[\s,]+/).filter(Boolean), ...(ttl ? { ttl_sec: Number(ttl) } : {}) },
  }
}

export async function runCommand(command: Command): Promise<string> {
  const answer = await call<Record<string, unknown>>('operator/api/chat/commands', { method: 'POST', json: command })
  return `\`\`\`json\n${JSON.stringify(answer, null, 2)}\n\`\`\``
}
