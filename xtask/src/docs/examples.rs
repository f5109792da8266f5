//! The examples on a page, as code blocks.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::error::{Doing, Result};

/// How the names of example files end; queries have an ending of their own.
const ENDINGS: [&str; 2] = [".tf", ".tfquery.hcl"];

/// The example files whose names begin with `start`, each as a code block.
pub(super) fn code_blocks(folder: &Path, start: &str) -> Result<String> {
    let is_example = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(start) && ENDINGS.iter().any(|ending| name.ends_with(ending))
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.path()).filter(is_example).collect();
    files.sort();
    files.iter().map(|file| code_block(file, "terraform")).collect()
}

/// The file as a code block.
pub(super) fn code_block(file: &Path, language: &str) -> Result<String> {
    let text = fs::read_to_string(file).doing(format_args!("read {}", file.display()))?;
    Ok(format!("```{language}\n{}\n```\n\n", text.trim()))
}
