"""The two engines that render a report: Quarto, and the built-in one."""
