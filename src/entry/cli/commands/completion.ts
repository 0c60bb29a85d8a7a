/** `tentaculo completion`, and `tentaculo complete`, which the scripts of the shells call. */
import { Argument, type Command } from 'commander'
import { candidates } from '../command/candidates.ts'
import { completionScripts } from '../command/completion-scripts.ts'
import { printLine } from '../command/print.ts'

export function addCompletion(root: Command): void {
  root
    .command('completion')
    .addArgument(new Argument('<shell>').choices(Object.keys(completionScripts)))
    .description('prints the completion script of a shell (docs/cli.md)')
    .action((shell: keyof typeof completionScripts) => printLine(completionScripts[shell]))

  root
    .command('complete', { hidden: true })
    .argument('[words...]')
    .description('prints what may stand at the last of these words')
    .action((words: string[]) => {
      for (const { word, meaning } of candidates(root, words)) printLine(`${word}\t${meaning}`)
    })
}
