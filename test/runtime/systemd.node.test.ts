/** The unit in the eyes of systemd's own judges, and what the gateway tells the service manager that asks for it. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { handOver } from '../support/artefacts/artefact.ts'
import { startNodeGateway } from '../support/gateways.ts'

const unit = readFileSync(
  fileURLToPath(new URL('../../deploy/systemd/tentaculo-link.service', import.meta.url)),
  'utf8',
)
const has = (program: string) => spawnSync('which', [program]).status === 0
const inCI = Boolean(process.env.CI)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'systemd-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the unit', () => {
  /** Its program is replaced by one that this machine has. */
  function judge(...args: string[]) {
    const path = join(folder, 'tentaculo-link.service')
    writeFileSync(path, unit.replace(/^ExecStart=.*$/m, `ExecStart=${process.execPath}`))
    chmodSync(path, 0o644)
    return spawnSync('systemd-analyze', [...args, path], { encoding: 'utf8' })
  }

  it('has no directive that systemd does not know', ({ skip }) => {
    if (!has('systemd-analyze') && !inCI) return skip('no systemd-analyze on this machine')
    const { stdout, stderr } = judge('verify', '--man=no')
    expect((stdout + stderr).split('\n').filter((line) => line.includes('tentaculo-link.service'))).toEqual([])
  })

  it('exposes less than 2.0 of 10', ({ skip }) => {
    if (!has('systemd-analyze') && !inCI) return skip('no systemd-analyze on this machine')
    const { status, stdout, stderr } = judge('security', '--offline=true', '--threshold=20', '--no-pager')
    expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' })
  })

  it('stops more slowly than the gateway', () => {
    const seconds = (name: string) => Number(new RegExp(`^${name}=(\\d+)$`, 'm').exec(unit)?.[1])
    expect(seconds('TimeoutStopSec')).toBeGreaterThan(15)
    expect(seconds('WatchdogSec')).toBeGreaterThan(0)
  })
})

/** Prints each message that reaches the socket; the descriptors with them are closed, which the sender waits for. */
const listener = `
import socket, os, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('bound', flush=True)
while True:
    data, fds, _, _ = socket.recv_fds(s, 4096, 8)
    for fd in fds: os.close(fd)
    print(data.decode(), flush=True)
`

describe('a gateway under a service manager', () => {
  it('says when it listens, that it lives, and that it stops', async ({ skip }) => {
    if (!(has('systemd-notify') && has('python3')) && !inCI) return skip('no systemd-notify on this machine')
    const path = join(folder, 'notify')
    const manager = spawn('python3', ['-c', listener, path])
    let heard = ''
    manager.stdout.on('data', (chunk) => (heard += chunk))
    await expect.poll(() => heard).toContain('bound')
    handOver(folder)
    const gateway = await startNodeGateway({ NOTIFY_SOCKET: path, WATCHDOG_USEC: '1000000', LOG_LEVEL: 'warn' })
    try {
      await expect.poll(() => heard).toMatch(/READY=1.*WATCHDOG=1.*WATCHDOG=1/s)
      gateway.process.kill('SIGTERM')
      await expect.poll(() => heard).toContain('STOPPING=1')
      expect(gateway.output()).not.toContain('service_manager_not_told')
    } finally {
      await gateway.stop()
      const closed = once(manager, 'close')
      manager.kill()
      await closed
    }
  })
})
