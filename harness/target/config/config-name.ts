/** What is read by itself from the working directory. */
export const CONFIG_FILE = 'kmsspec.yaml';
