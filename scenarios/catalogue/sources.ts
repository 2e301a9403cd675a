/** What catalogue entries cite. The guides are the ones that the project's mission comes from. */

/** The guide "Understanding KMS". */
export const UK = (section: string): string => `understanding-kms ${section}`;
/** The KMS deployment guide. */
export const DG = 'deployment-guide';
/** The article "Volume Activation in Server 2008". */
export const VA = 'volume-activation-article';
/** The correction that the vendor had printed in front of that article. */
export const EN = "volume-activation-article, editor's note";
/** The article on common licensing mistakes. */
export const LM = 'licensing-mistakes';
/** Volume Activation 2.0 Operations Guide, appendix 1, "KMS RPC Messages". */
export const OG = 'Operations Guide, appendix 1';
/** The Operations Guide on the host's WMI methods. */
export const OG_WMI = 'Operations Guide, WMI methods';
/** The vendor's WMI class of a host's own counters. */
export const WMI = (property: string): string => `SoftwareLicensingService: ${property}`;
/** DCE 1.1: Remote Procedure Call. */
export const C706 = (clause: string): string => `C706 ${clause}`.trim();
export const MS_RPCE = (clause: string): string => `MS-RPCE ${clause}`.trim();
export const TCP = 'RFC 9293';
export const RFC_2782 = 'RFC 2782';
/** Exchanges recorded between independent implementations: captures/corpus. */
export const RECORDED = 'recorded exchanges';
/** How this project's model of a conforming host counts: harness/model. */
export const MODEL = 'host model';
