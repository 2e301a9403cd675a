export * from './from-exchange';
export * from './history-file';
export * from './history-text';
export * from '../../model/history/history-words';
export * from '../../model/history/history';
export * from '../../model/history/history-checker';
