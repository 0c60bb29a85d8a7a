/** What may stand at the cursor of a command line, with what it means; nothing where only a file or a free text may. */
import type { Command, Option } from 'commander'

export interface Candidate {
  word: string
  meaning: string
}

/** `words`: what follows the program's name, up to the word at the cursor, which may be empty. */
export function candidates(root: Command, words: readonly string[]): Candidate[] {
  const [current = '', ...before] = words.toReversed()
  const { command, place } = walk(root, before.toReversed())
  const waiting = optionAt(command, before[0])
  return choicesAt(command, waiting, place, current).filter(({ word }) => word.startsWith(current))
}

/** The command that the words name, and which of its arguments the cursor is at. */
function walk(root: Command, words: readonly string[]): { command: Command; place: number } {
  let [command, place] = [root, 0]
  for (const [index, word] of words.entries()) {
    const inner = command.commands.find((each) => each.name() === word)
    if (inner) [command, place] = [inner, 0]
    else if (!word.startsWith('-') && !optionAt(command, words[index - 1])) place++
  }
  return { command, place }
}

/** The option whose value comes next. */
const optionAt = ({ options }: Command, word: string | undefined): Option | undefined =>
  options.find(({ long, short, required }) => required && word !== undefined && (word === long || word === short))

function choicesAt(command: Command, waiting: Option | undefined, place: number, current: string): Candidate[] {
  if (waiting) return (waiting.argChoices ?? []).map(plain)
  if (current.startsWith('-')) return command.createHelp().visibleOptions(command).map(described)
  const argument =
    command.registeredArguments[place] ?? command.registeredArguments.findLast(({ variadic }) => variadic)
  if (argument) return (argument.argChoices ?? []).map(plain)
  const inner = command.createHelp().visibleCommands(command)
  return inner.map((each) => ({ word: each.name(), meaning: each.description() }))
}

const plain = (word: string): Candidate => ({ word, meaning: '' })
const described = ({ long, short, description }: Option): Candidate => ({
  word: long ?? short ?? '',
  meaning: description,
})
