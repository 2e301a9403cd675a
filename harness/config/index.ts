export * from './config-error';
export * from './control-programs';
export * from './config';
export * from './profile-file';
export * from './yaml-file';
export * from './suggest';
