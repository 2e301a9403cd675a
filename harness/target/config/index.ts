export * from '../../support/config-error';
export * from './control-programs';
export * from './config';
export * from './config-name';
export * from './config-schema';
export * from './profile-file';
export * from '../../support/yaml-file';
export * from '../../support/suggest';
