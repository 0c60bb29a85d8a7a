/** Completion of `tentaculo`: what is offered, and the scripts in the shells themselves. */
import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { candidates } from '../../../src/entry/cli/command/candidates.ts'
import { program } from '../../../src/entry/cli/program.ts'

const offered = (...words: string[]) => candidates(program(), words).map(({ word }) => word)

describe('what is offered', () => {
  it.each([
    [['ke'], ['keys']],
    [
      ['keys', 'r'],
      ['revoke', 'reroll'],
    ],
    [['keys', 'create', 'ci', '--scope', 'o'], ['operator']],
    [['keys', 'create', '--scope', 'admin', '--not'], ['--note']],
    [
      ['events', 'tail', '--severity', ''],
      ['info', 'warn', 'critical'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['status', '--url', ''], []],
    [['keys', 'show', ''], []],
    [['comple'], ['completion']],
    [
      ['nothing', 'of', 'this', '--'],
      ['--version', '--help'],
    ],
  ])('behind %j', (words, wanted) => {
    expect(offered(...words)).toEqual(wanted)
  })

  it('says what each word means', () => {
    expect(candidates(program(), ['gat'])).toEqual([{ word: 'gates', meaning: expect.stringContaining('nine gates') }])
  })
})

describe('in the shells', () => {
  let bin: string
  beforeAll(async () => {
    bin = await mkdtemp(join(tmpdir(), 'completion-'))
    const source = fileURLToPath(new URL('../../../src/entry/cli/tentaculo.ts', import.meta.url))
    await writeFile(join(bin, 'tentaculo'), `#!/bin/sh\nexec '${process.execPath}' '${source}' "$@"\n`)
    await chmod(join(bin, 'tentaculo'), 0o755)
  })
  afterAll(() => rm(bin, { recursive: true }))

  const inShell = (shell: string, options: string[], script: string) => {
    const { stdout, stderr, error } = spawnSync(shell, [...options, '-c', script], {
      env: { PATH: `${bin}:${process.env.PATH}`, HOME: bin },
      cwd: bin,
      encoding: 'utf8',
    })
    return { missing: (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT', out: stdout, problem: stderr }
  }
  const inCI = Boolean(process.env.CI)

  it('bash completes, sourced twice, and runs nothing of the line', ({ skip }) => {
    const script = `
      source <(tentaculo completion bash); source <(tentaculo completion bash)
      COMP_WORDS=(tentaculo keys '$(touch ran)' r); COMP_CWORD=3; _tentaculo
      COMP_WORDS=(tentaculo keys r); COMP_CWORD=2; _tentaculo; echo "\${COMPREPLY[@]}"; ls`
    const { missing, out, problem } = inShell('bash', ['--norc'], script)
    if (missing && !inCI) return skip('no bash on this machine')
    expect({ out, problem }).toEqual({ out: 'revoke reroll\ntentaculo\n', problem: '' })
  })

  it('zsh completes, and leaves the rest to its files', ({ skip }) => {
    const script = `
      compdef() {}; _describe() { print -rl -- "\${(@P)2}" }; _files() { print files }
      source <(tentaculo completion zsh)
      words=(tentaculo keys r); CURRENT=3; _tentaculo
      words=(tentaculo status --token-file ''); CURRENT=4; _tentaculo`
    const { missing, out, problem } = inShell('zsh', ['-f'], script)
    if (missing && !inCI) return skip('no zsh on this machine')
    expect({ out, problem }).toEqual({
      out: 'revoke:ends a key everywhere within a second\nreroll:gives a key a new secret\nfiles\n',
      problem: '',
    })
  })

  it('fish completes, and offers files where one is wanted', ({ skip }) => {
    const script = `
      tentaculo completion fish | source
      complete -C 'tentaculo keys r'; complete -C 'tentaculo status --token-file tenta'`
    const { missing, out, problem } = inShell('fish', ['-N'], script)
    if (missing && !inCI) return skip('no fish on this machine')
    expect(out.trimEnd().split('\n').toSorted()).toEqual([
      ...['reroll\tgives a key a new secret', 'revoke\tends a key everywhere within a second', 'tentaculo'],
    ])
    expect(problem).toBe('')
  })
})
