/** The host counts more machines than it can have places for, whoever asked it. */
export class CountBeyondCapacity extends Error {
  readonly expected: string;
  readonly actual: string;

  constructor(count: number, mostPlaces: number) {
    super(
      `expected a count of at most ${mostPlaces}, for which the requests so far make room, received ${count}`,
    );
    this.name = 'CountBeyondCapacity';
    this.expected = `at most ${mostPlaces}`;
    this.actual = `${count}`;
  }
}
