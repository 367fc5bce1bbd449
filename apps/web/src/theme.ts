import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = ['#eaf6f2', '#d6ebe4', '#abd7c9', '#7cc2ac', '#55b094', '#3ca485', '#1d8a6d', '#0b6e5b', '#0a5c4c', '#07493d'];
const amber: MantineColorsTuple = ['#fff5e0', '#fde8c2', '#f9d28a', '#f4ba4f', '#eda524', '#d98c0b', '#b87208', '#945a07', '#744708', '#553407'];
const red: MantineColorsTuple = ['#fdecea', '#fad5d1', '#f3aaa3', '#ec7c72', '#e55648', '#dd3d2e', '#c42f21', '#a5271b', '#851f16', '#651710'];
const gray: MantineColorsTuple = ['#f8f9f7', '#f1f3f0', '#e6e9e4', '#d7dcd5', '#bcc4bb', '#97a297', '#6d7a70', '#515d54', '#353f38', '#1d2520'];
const dark: MantineColorsTuple = ['#e4eae5', '#b9c4bc', '#95a399', '#6f7e74', '#3c4840', '#2c352f', '#222a25', '#181f1b', '#101512', '#0b0f0c'];

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.34,
  colors: { accent, amber, red, gray, dark },
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '20px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', 'Segoe UI Mono', 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '12px', sm: '14px', md: '15px', lg: '18px', xl: '22px' },
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '22px', lineHeight: '1.25' }, h2: { fontSize: '16px', lineHeight: '1.3' }, h3: { fontSize: '14px', lineHeight: '1.35' } } },
  shadows: { xs: '0 1px 2px rgb(20 30 25 / 6%)', sm: '0 1px 3px rgb(20 30 25 / 8%)', md: '0 6px 20px rgb(20 30 25 / 10%)' },
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  // By name: importing the components here would put all of them into the first load.
  components: {
    Button: { defaultProps: { size: 'sm' } },
    Card: { defaultProps: { withBorder: true, padding: 'md' } },
    Paper: { defaultProps: { withBorder: true } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm' }, styles: { root: { minWidth: 'max-content' }, label: { textTransform: 'none', fontWeight: 600 } } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.4 }, closeButtonProps: { 'aria-label': 'Close' }, transitionProps: { duration: 120 } }, styles: { title: { fontSize: '18px', fontWeight: 650 } } },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Table: { defaultProps: { verticalSpacing: 8, horizontalSpacing: 12 } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
  },
});

/** Colours by meaning. Pages use these and never a shade by number. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--clms-page': '#f5f6f3',
    '--mantine-color-text': '#1b2420',
    '--mantine-color-dimmed': '#56635b',
    '--mantine-color-default': '#ffffff',
    '--mantine-color-default-hover': '#f1f3f0',
    '--mantine-color-default-border': '#dfe3dd',
    '--mantine-color-placeholder': '#647067',
    '--clms-surface': '#ffffff',
    '--clms-sunken': '#eceee9',
    '--clms-border': '#dfe3dd',
    '--clms-accent': '#0b6e5b',
    '--clms-accent-soft': '#e4f1ed',
    '--clms-soon': '#8a5306',
    '--clms-soon-soft': '#fdf0d8',
    '--clms-soon-strong': '#d98c0b',
    '--clms-danger': '#b02a1d',
    '--clms-danger-soft': '#fbe6e3',
  },
  dark: {
    // Letters on filled buttons are white in both schemes: dark enough for them.
    '--mantine-color-accent-filled': '#137a62',
    '--mantine-color-accent-filled-hover': '#1d8a6d',
    '--mantine-color-body': '#181f1b',
    '--clms-page': '#101512',
    '--mantine-color-text': '#e4eae5',
    '--mantine-color-dimmed': '#95a399',
    '--mantine-color-default': '#1c241f',
    '--mantine-color-default-hover': '#232c27',
    '--mantine-color-default-border': '#2c352f',
    '--mantine-color-placeholder': '#87958b',
    '--clms-surface': '#181f1b',
    '--clms-sunken': '#0c100e',
    '--clms-border': '#2c352f',
    '--clms-accent': '#55b094',
    '--clms-accent-soft': '#17332a',
    '--clms-soon': '#f0b24a',
    '--clms-soon-soft': '#3a2a10',
    '--clms-soon-strong': '#eda524',
    '--clms-danger': '#f0857a',
    '--clms-danger-soft': '#401a15',
  },
});
