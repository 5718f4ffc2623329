//! Writes every page, filled with sample data, and the assets into the folder given as argument, to be looked at in a browser:
//! `cargo run -p web --example pages -- /tmp/pages`.

mod samples;

use std::error::Error;
use std::fs;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("give the folder to write the pages into")?);
    fs::create_dir_all(&folder)?;
    let prefix = web::assets::url("");
    for path in web::assets::paths() {
        let target = folder.join("assets").join(path.as_ref());
        fs::create_dir_all(target.parent().ok_or("a file has a folder")?)?;
        let asset = web::assets::find(web::assets::version(), &path).ok_or("a listed asset is there")?;
        fs::write(target, asset.bytes)?;
    }
    for sample in samples::all() {
        let html = domain::typographie::bound(&sample.html).replace(&prefix, "assets/");
        fs::write(folder.join(format!("{}.html", sample.name)), html)?;
    }
    println!("written to {}", folder.display());
    Ok(())
}
