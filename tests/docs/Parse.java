import com.sun.source.util.JavacTask;
import java.io.File;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Parses a file and looks up no class of it; mistakes are printed, and are the exit status. */
class Parse {
  public static void main(String[] arguments) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
    int[] mistakes = {0};
    JavacTask task =
        (JavacTask)
            compiler.getTask(
                null,
                files,
                diagnostic -> {
                  mistakes[0]++;
                  System.err.println(diagnostic);
                },
                List.of("-proc:none"),
                null,
                files.getJavaFileObjects(new File(arguments[0])));
    task.parse();
    System.exit(mistakes[0]);
  }
}
