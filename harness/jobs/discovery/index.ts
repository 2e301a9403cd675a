export * from './discover';
export * from './judge';
export * from './publish';
export * from './format-table';
export * from './verdict';
