/** Characters of the label of a run: what a reader takes in beside a date. */
export const MOST_LABEL = 60;
