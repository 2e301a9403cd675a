import type { Finding } from './finding';

/** Whether a finding is there, and not known with a reason. */
export const isOpen = ({ state }: Pick<Finding, 'state'>): boolean => state !== 'fixed' && state !== 'known';
