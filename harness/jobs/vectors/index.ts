export * from './vectors';
export { type GroupName, VECTORS_SCHEMA, vectorFileSchema, type VectorOf } from './vector-file';
