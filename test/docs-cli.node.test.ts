/** Holds docs/cli.md to the commands that there are, and every command to having help. */
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { program } from '../src/entry/cli/program.ts'
import { read } from './support/project-texts.ts'

interface Leaf {
  path: string
  command: Command
}

const visibleIn = (command: Command) =>
  command
    .createHelp()
    .visibleCommands(command)
    .filter((inner) => command.commands.includes(inner))

const leavesOf = (command: Command, path: readonly string[] = []): Leaf[] =>
  command.commands.length === 0
    ? [{ path: path.join(' '), command }]
    : visibleIn(command).flatMap((inner) => leavesOf(inner, [...path, inner.name()]))

const leaves = leavesOf(program())
const argumentsOf = ({ registeredArguments }: Command) =>
  registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`
    return argument.required ? ` <${name}>` : ` [${name}]`
  })

describe('docs/cli.md', () => {
  it('has a row for each command, in the order of the help', () => {
    const section = read('docs/cli.md').split('## Commands')[1]?.split('\n## ')[0] ?? ''
    const rows = [...section.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, usage, what]) => ({ usage, what }))
    const commands = leaves.map(({ path, command }) => ({
      usage: path + argumentsOf(command).join(''),
      what: command.description(),
    }))
    expect(rows).toEqual(commands)
  })
})

describe('every command', () => {
  it('says what it does, and so does each of its options', () => {
    const silent = leaves.flatMap(({ path, command }) => [
      ...(command.description() === '' ? [path] : []),
      ...command.options.filter(({ description }) => description === '').map(({ flags }) => `${path} ${flags}`),
    ])
    expect(silent).toEqual([])
  })

  it('takes no token as an argument', () => {
    const flags = leaves.flatMap(({ command }) => command.options.map(({ long }) => long ?? ''))
    expect(flags.filter((flag) => /token|secret|password/.test(flag) && !flag.endsWith('-file'))).toEqual([])
  })
})
