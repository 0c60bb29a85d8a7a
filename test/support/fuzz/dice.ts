/** Choices that a seed and the number of a case decide, so that one case can be repeated alone. */
import { fakeRandom } from '../fake-random.ts'

export interface Dice {
  /** 0 up to `below`, exclusive. */
  int(below: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** One of the keys, as often as their numbers say. */
  weighted<Key extends string>(weights: Readonly<Record<Key, number>>): Key
  text(length: number, letters?: string): string
  /** The bytes in `count` pieces or fewer, none of them empty. */
  cut(bytes: Buffer, count: number): Buffer[]
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

export function diceFor(seed: number, number: number): Dice {
  const random = fakeRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b))
  const int = (below: number) => Math.floor(random.fraction() * below)
  const pick = <T>(list: readonly T[]): T => list[int(list.length)] as T
  return {
    int,
    pick,
    chance: (probability) => random.fraction() < probability,
    weighted<Key extends string>(weights: Readonly<Record<Key, number>>) {
      const entries = Object.entries<number>(weights) as [Key, number][]
      let left = random.fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      const found = entries.find(([, weight]) => {
        left -= weight
        return left < 0
      })
      return (found ?? (entries[0] as [Key, number]))[0]
    },
    text: (length, from = letters) => Array.from({ length }, () => from[int(from.length)]).join(''),
    cut(bytes, count) {
      const places = Array.from({ length: count - 1 }, () => int(bytes.length + 1)).toSorted((a, b) => a - b)
      const starts = [0, ...places]
      return starts.map((start, i) => bytes.subarray(start, places[i])).filter(({ length }) => length > 0)
    },
  }
}
