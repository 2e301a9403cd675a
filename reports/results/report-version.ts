/** The version of the result model. A change that an old reader would misread gets a new number. */
export const REPORT_SCHEMA = 'kmsspec.report/1';
