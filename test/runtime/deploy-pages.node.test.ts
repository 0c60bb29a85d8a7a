/** Every command of docs/deploy is executed as it stands, in its order; the systemd page ends in a gateway that is watched. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { whyNoScratchRoot } from '../support/artefacts/scratch-root.ts'
import { commandsOf, makePageMachine, type PageMachine } from '../support/deploy-pages/page-machine.ts'
import { root } from '../support/project-texts.ts'

const pages = readdirSync(join(root, 'docs/deploy')).filter((name) => name.endsWith('.md'))

/** What a stranger finds at the end of a page; `ok` is said when all of it holds. */
const ends: Readonly<Record<string, string>> = {
  'systemd.md': `
    token=$(cat /etc/tentaculo-link/link-token)
    ask() { curl -fsS -H "X-VX11-Token: $token" "http://127.0.0.1:8000$1" "\${@:2}"; }
    ask /readyz | jq -e '.status == "ready"'
    ask /operator/api/whoami | jq -e '.name == "link"'
    [ "$(stat -c %u "/proc/$(cat /run/tentaculo-link.pid)")" != 0 ]
    ls /var/lib/private/tentaculo-link/backups/*.db*
    # The service can back up beside what root has made.
    ask /operator/api/maintenance -X POST -d '{"steps":["backup"]}' >/dev/null
    for try in $(seq 100); do
      ask /operator/api/maintenance | jq -e '.last.ok == true and .last.trigger == "operator"' && break || sleep 0.2
    done
    ask /operator/api/maintenance | jq -e '.last.steps.backup.status == "ok"'
    prometheus --config.file=/etc/prometheus/prometheus.yml --web.listen-address=127.0.0.1:9090 \\
      --storage.tsdb.path=/tmp/prometheus 2>/tmp/prometheus.log &
    query() { curl -fsS --get http://127.0.0.1:9090/api/v1/query --data-urlencode "query=$1"; }
    for try in $(seq 300); do
      query 'up{job="tentaculo_link"}' | jq -e '.data.result[0].value[1] == "1"' && break || sleep 0.2
    done
    query 'vx11_database_up{job="tentaculo_link"}' | jq -e '.data.result[0].value[1] == "1"'
    curl -fsS http://127.0.0.1:9090/api/v1/rules | jq -e '[.data.groups[].rules[].health] | index("err") == null'
  `,
}

const missing = whyNoScratchRoot()
const inCI = Boolean(process.env.CI)

describe.skipIf(missing !== null && !inCI)(`docs/deploy${missing === null ? '' : ` (${missing})`}`, () => {
  let machine: PageMachine | undefined
  afterEach(() => machine?.remove())

  it('has pages, each with commands', () => {
    expect(pages.length).toBeGreaterThan(3)
    for (const page of pages) expect(commandsOf(`docs/deploy/${page}`), page).toMatch(/\w/)
    expect(Object.keys(ends).filter((page) => !pages.includes(page))).toEqual([])
  })

  it.each(pages)('%s: each command does what the page says', { timeout: 600_000 }, async (page) => {
    machine = makePageMachine()
    const script = `${commandsOf(`docs/deploy/${page}`)}\n${ends[page] ?? ''}\necho page done\n`
    expect(await machine.run(script)).toContain('page done')
  })
})
