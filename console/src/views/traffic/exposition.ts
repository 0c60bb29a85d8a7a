/** Reads Prometheus' text format: name, labels, value. */

export interface Sample {
  name: string
  labels: Readonly<Record<string, string>>
  value: number
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/
const label = /(\w+)="((?:[^"\\]|\\.)*)",?/g

export function parseExposition(text: string): Sample[] {
  return text.split('\n').flatMap((each) => {
    if (each.startsWith('#')) return []
    const [, name, labels = '', value] = line.exec(each) ?? []
    if (!name || value === undefined) return []
    return [
      {
        name,
        labels: Object.fromEntries([...labels.matchAll(label)].map(([, key, said]) => [key, said])),
        value: Number(value.replace('+Inf', 'Infinity')),
      },
    ]
  })
}

export const sum = (
  samples: readonly Sample[],
  name: string,
  keep: (labels: Sample['labels']) => boolean = () => true,
): number =>
  samples.reduce((total, sample) => (sample.name === name && keep(sample.labels) ? total + sample.value : total), 0)

export const one = (samples: readonly Sample[], name: string): number | null =>
  samples.find((sample) => sample.name === name)?.value ?? null
