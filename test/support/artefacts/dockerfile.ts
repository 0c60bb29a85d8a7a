/** Reads a Dockerfile as far as ours goes: stages of instructions, in the order in which an engine executes them. */

export interface Instruction {
  name: string
  /** What follows the name, on one line. */
  text: string
}

export interface Stage {
  /** Null for the last one. */
  name: string | null
  instructions: Instruction[]
}

const known = new Set('FROM ARG WORKDIR COPY RUN ENV USER VOLUME EXPOSE HEALTHCHECK CMD'.split(' '))

/** Throws for an instruction that nobody here can execute, so that none is passed over. */
export function dockerfileStages(text: string): Stage[] {
  const stages: Stage[] = []
  for (const instruction of instructionsOf(text)) {
    if (!known.has(instruction.name)) throw new Error(`nothing here executes ${instruction.name}`)
    if (instruction.name === 'FROM')
      stages.push({ name: / AS (\w+)$/.exec(instruction.text)?.[1] ?? null, instructions: [] })
    else stages.at(-1)?.instructions.push(instruction)
  }
  return stages
}

const instructionsOf = (text: string): Instruction[] =>
  text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...rest] = line.split(' ')
      return { name, text: rest.join(' ') }
    })

/** The last one of a name in a stage: an engine lets it win. */
export const lastOf = ({ instructions }: Stage, name: string): string =>
  instructions.findLast((each) => each.name === name)?.text ?? ''

/** `CMD ["a", "b"]`, and what follows `CMD` in a health check. */
export const execForm = (text: string): string[] => JSON.parse(text.slice(text.indexOf('['))) as string[]

/** `ENV A=b C=d`, without quotes. */
export const environmentOf = ({ instructions }: Stage): Record<string, string> =>
  Object.fromEntries(
    instructions
      .filter(({ name }) => name === 'ENV')
      .flatMap(({ text }) => text.split(' '))
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )

/** What .dockerignore keeps out of the context. The last rule that fits a path decides. */
export function ignoredBy(text: string): (path: string) => boolean {
  const rules = text.split('\n').filter((line) => line.trim() !== '')
  const wild = rules.find((rule) => /[*?[\]]/.test(rule))
  if (wild) throw new Error(`nothing here reads the pattern ${wild}`)
  return (path) => {
    const rule = rules.findLast((each) => isWithin(path, each.replace(/^!/, '')))
    return rule !== undefined && !rule.startsWith('!')
  }
}

const isWithin = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`)
